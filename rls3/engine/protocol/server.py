"""The dispatch loop: receives actions, runs them and replies."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass
from typing import Any

from rls3.engine import actions
from rls3.engine.errors import ActionError, RequestError
from rls3.engine.physics.holding import follow
from rls3.engine.protocol.reply import Outcome, RenderRequest, Reply, full_reply, patch_reply
from rls3.engine.protocol.transport import Transport
from rls3.engine.session import Session

#: Simulated time of one action: a step of AI2-THOR's physics.
SECONDS_PER_ACTION = 0.02

logger = logging.getLogger(__name__)


@dataclass
class Server:
    """Serves one client over one transport until the client goes away."""

    session: Session
    transport: Transport

    def serve(self) -> None:
        """Send the first, unasked reply and then answer every action.

        Raises:
            ClientGoneError: the client went away.
            RequestError: the client sent something that is no request.
        """
        reply = full_reply(self.session, Outcome("", 0), RenderRequest(image=False))
        while True:
            message = self.transport.exchange(reply.kind, reply.body, reply.images)
            reply = handle(self.session, message, patches=self.transport.patches)


def handle(session: Session, message: dict[str, Any], *, patches: bool = True) -> Reply:
    """Run one action and return the reply; a failing action leaves the session as it was.

    Args:
        session: what the action works on.
        message: the action as the client sent it.
        patches: whether queries may be answered by a patch without images.
    """
    outcome = _run(session, message)
    request = RenderRequest.of(message, session.settings)
    registered = actions.ACTIONS.get(outcome.action)
    query = registered is not None and registered.query
    if query and patches and session.settings.fast_emit and not request.extra:
        return patch_reply(session, outcome)
    return full_reply(session, outcome, request)


def _run(session: Session, message: dict[str, Any]) -> Outcome:
    name = message.get("action")
    outcome = Outcome(str(name or ""), _sequence_number(message))
    saved = session.save()
    try:
        session.active_agent = _agent_number(session, message)
        found = actions.find(name, session.agent.mode)
        outcome.result = found.handler(session, **found.bind(message))
        if any(agent.hand.holds is not None for agent in session.world.agents):
            follow(session.world, session.physics, free=not message.get("forceAction"))
        if not found.query:
            session.seconds += SECONDS_PER_ACTION
        return outcome
    except ActionError as error:
        outcome.fail(str(error), error.code)
    except Exception as error:  # an engine that dies of one action would take the client's whole scene with it
        logger.exception("action %s failed", name)
        trace = traceback.format_exc().strip().replace("\n", " | ")
        outcome.fail(f"{type(error).__name__}: {error}. trace: {trace}")
    session.restore(saved)
    return outcome


def _sequence_number(message: dict[str, Any]) -> int:
    number = message.get("sequenceId", 0)
    if not isinstance(number, int):
        raise RequestError(f"a request's sequenceId must be a whole number, got {number!r}")
    return number


def _agent_number(session: Session, message: dict[str, Any]) -> int:
    number = message.get("agentId", 0)
    count = len(session.world.agents)
    if not isinstance(number, int) or not 0 <= number < count:
        raise ActionError(f"agentId must be a whole number from 0 to {count - 1}, got {number!r}")
    return number
