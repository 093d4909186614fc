"""What an edit is paid, once the VLM has scored the sample it made.

    r = v (a0 + m (sum of a_k f_k)) - (1 - v) b        and, on an episode's last step, a_T times its mean difficulty

v: 1 for a valid sample, else 0, so that no scene is paid for being unanswerable. m: margin to the nearest relation
boundary, so that ambiguous labels are paid less. f_k: the signals of `rls3.sampling.rewards.signals`, a_k: their
weights in the `reward` section of the configuration; a signal of weight 0 is never computed. The published rewards are
weights, too (what is not named is 0):

| reward | weights |
|---|---|
| `rls3` (the paper's) | feasible 1, invalid 1, terminal 1, normalise false; `ppo.gamma` near 1 |
| `learnability` | learnability 1 |
| `learning_progress` | learning_progress 1 |
| `rho` | rho 1 |
| `entropy` | entropy 1 |

`rls3.sampling.rewards.payroll` is the one place where they are combined, normalised and, when stale, dropped.
"""

from rls3.sampling.rewards.payroll import Payroll, Wage, top_cell_share
from rls3.sampling.rewards.signals import SIGNALS, margin_weight

__all__ = ["SIGNALS", "Payroll", "Wage", "margin_weight", "top_cell_share"]
