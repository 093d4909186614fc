"""Each benchmark's published files are read and its answers aggregated as the official code does; hand-checked."""

import base64
import json

import numpy as np
import pytest

from rls3.benchmarks.item import chosen
from rls3.benchmarks.registry import BENCHMARKS
from rls3.benchmarks.scorecard import score
from rls3.benchmarks.scoring import Figure
from tests.benchmark_files import (
    cv_row,
    make_item,
    png,
    vsi_row,
    vsr_row,
    whatsup_rows,
    write_json,
    write_lines,
    write_parquet,
)


def figures(name, folder, answers):
    """Figures by name, of answers in published order."""
    reading = BENCHMARKS[name].read(folder)
    assert not reading.faulty
    given = dict(zip((item.id for item in reading.items), answers, strict=True))
    return {line.name: line.value for line in score(BENCHMARKS[name], reading, given).lines}


def test_whatsup_counts_pairs_over_half_and_sets_over_a_quarter(tmp_path):
    write_json(tmp_path / "controlled_images_dataset.json", whatsup_rows())
    (item, *_) = BENCHMARKS["whatsup"].read(tmp_path).items
    assert item.pictures[0].path == tmp_path / "controlled_images" / "mug_left_of_table.jpeg"
    found = figures("whatsup", tmp_path, [0, 0, 0, 1])
    assert found["A individual accuracy"] == 0.75
    assert found["A pair accuracy"] == 0.5
    assert found["A set accuracy"] == 0.0
    assert figures("whatsup", tmp_path, [0, 0, 0, 0])["A set accuracy"] == 1.0


def test_caption_pairs_report_each_file_and_preposition(tmp_path):
    write_json(tmp_path / "coco_qa_two_obj.json", [[7, "a cat left of a dog", "a cat right of a dog"]])
    write_json(tmp_path / "coco_qa_one_obj.json", [[9, "A cat on the top", "A cat on the bottom"]] * 2)
    found = figures("coco-spatial", tmp_path, [0, 1, 0])
    assert found["mean of the files"] == 0.75
    assert found["one-object preposition: top"] == 0.5
    assert found["two-objects preposition: left"] == 1.0
    two = BENCHMARKS["coco-spatial"].read(tmp_path).items[-1]
    assert two.pictures[0].path == tmp_path / "val2017" / "000000000007.jpg"


def test_vsr_reports_relations_and_meta_categories(tmp_path):
    write_lines(tmp_path / "random" / "test.jsonl", [vsr_row(), vsr_row(0, relation="near", caption="x")])
    (tmp_path / "rel_meta_category_dict.txt").write_text("Proximity: near, by\nTopological: on, in\n")
    found = figures("vsr", tmp_path, [1, 1])
    assert found["accuracy"] == 0.5
    assert found["meta-category: Topological"] == found["relation: on"] == 1.0
    assert found["meta-category: Proximity"] == 0.0


def test_blink_averages_tasks_without_weight_and_finds_the_pictures_in_its_table(tmp_path):
    image = {"bytes": png(), "path": "a.jpg"}
    common = {"question": "?", "prompt": "?", "image_1": image, "image_3": None, "image_4": None}
    depth = {"choices": ["A is closer", "B is closer"], "answer": "(A)", "image_2": None, **common}
    views = {"choices": ["left", "right"], "answer": "(B)", "image_2": image, **common}
    write_parquet(
        tmp_path / "Relative_Depth" / "val.parquet", [{"idx": f"val_Relative_Depth_{n}", **depth} for n in (1, 2, 3)]
    )
    write_parquet(tmp_path / "Multi-view_Reasoning" / "val.parquet", [{"idx": "val_Multi-view_Reasoning_1", **views}])
    items = BENCHMARKS["blink"].read(tmp_path).items
    assert [len(item.pictures) for item in items] == [2, 1, 1, 1]
    assert items[0].pictures[1].load().shape == (3, 4, 3)
    found = figures("blink", tmp_path, ["(B)", "(A)", "B is closer", "nothing"])
    assert found["mean of tasks"] == pytest.approx((1 + 1 / 3) / 2)


def test_blink_answer_files_do_without_pictures_and_hidden_answers(tmp_path):
    write_json(tmp_path / "val_answers.json", {"val_IQ_Test_1": "(D)", "val_Relative_Depth_1": "(B)"})
    reading = BENCHMARKS["blink"].read(tmp_path)
    assert [len(item.options) for item in reading.items] == [4, 2]
    hidden = {"val": [], "test": [{"idx": "test_IQ_Test_1", "answer": "hidden", "prediction": "(A)"}]}
    reading = BENCHMARKS["blink"].read(write_json(tmp_path / "other" / "IQ Test.json", hidden))
    assert not reading.items and reading.notes == ("1 items with hidden answers are not read",)


def test_cv_bench_combines_the_mean_of_2d_sources_with_3d(tmp_path):
    rows = [cv_row(0, "ADE20K", "Count"), cv_row(1, "ADE20K", "Relation"), cv_row(2, "COCO", "Count")]
    write_parquet(tmp_path / "test_2d.parquet", rows)
    write_parquet(tmp_path / "test_3d.parquet", [cv_row(3, "Omni3D", "Depth"), cv_row(4, "Omni3D", "Depth")])
    found = figures("cv-bench", tmp_path, ["B", "A", "2", "B", "A"])
    assert found["2D accuracy"] == 0.75
    assert found["3D accuracy"] == 0.5
    assert found["combined accuracy"] == pytest.approx(0.625)
    assert found["task: Count"] == 1.0
    assert BENCHMARKS["cv-bench"].read(tmp_path).items[0].pictures[0].load()[0, 0].tolist() == [200, 30, 30]


def test_sat_holds_one_or_two_pictures_in_a_list(tmp_path):
    row = {"question": "?", "answers": ["yes", "no"], "correct_answer": "no", "question_type": "goal_aim"}
    rows = [{**row, "image_bytes": [png()]}, {**row, "image_bytes": [png(), png((1, 2, 3))]}]
    write_parquet(tmp_path / "SAT_test.parquet", rows)
    items = BENCHMARKS["sat"].read(tmp_path).items
    assert items[1].pictures[1].load()[0, 0].tolist() == [1, 2, 3]
    assert figures("sat", tmp_path, ["no", "yes"])["accuracy"] == 0.5


def test_embspatial_keeps_its_pictures_in_the_row(tmp_path):
    row = {"question": "'where?'", "answer_options": ["under", "left"], "answer": 1, "relation": "left"}
    row |= {"data_source": "mp3d", "question_id": "mp3d_8", "image": base64.b64encode(png()).decode()}
    write_json(tmp_path / "embspatial_bench.json", [row])
    (item,) = BENCHMARKS["embspatial"].read(tmp_path).items
    assert item.pictures[0].load().shape == (3, 4, 3) and item.question == "where?" and item.scene == ""
    assert figures("embspatial", tmp_path, [1])["data source: mp3d"] == 1.0


def test_spatialmqa_is_reported_by_axis(tmp_path):
    row = {"image": "1.jpg", "question": "?", "options": ["on/above", "below", "left of"]}
    rows = [{**row, "answer": "on/above"}, {**row, "answer": "below"}, {**row, "answer": "left of"}]
    write_lines(tmp_path / "dev.jsonl", rows)
    found = figures("spatialmqa", tmp_path, ["On.", "left", "left of"])
    assert found["axis: y"] == 0.5 and found["axis: x"] == 1.0


def test_viewspatial_splits_lettered_lines(tmp_path):
    row = {"question_type": "Camera", "image_path": ["ViewSpatial-Bench/val2017/1.jpg"], "question": "?"}
    row |= {"choices": "A. left\nB. back-right", "answer": "B. back-right"}
    write_json(tmp_path / "ViewSpatial-Bench.json", [row])
    (item,) = BENCHMARKS["viewspatial"].read(tmp_path).items
    assert (item.options, item.answer) == (("left", "back-right"), 1)
    assert item.pictures[0].path == tmp_path / "val2017" / "1.jpg"


def test_3dsrbench_counts_a_question_only_if_right_under_every_rotation(tmp_path):
    header = "index\tqid\tquestion\tA\tB\tC\tD\tanswer\tcategory\timage"
    rows = [
        "0\tQ1\t?\tyes\tno\t\t\tA",
        "1\tQ1-1\t?\tno\tyes\t\t\tB",
        "2\tQ2\t?\tyes\tno\t\t\tA",
        "3\tQ2-flip\t?\tyes\tno\t\t\tB",
    ]
    body = "\n".join(f"{row}\theight_higher\t{base64.b64encode(png()).decode()}" for row in rows)
    (tmp_path / "3dsrbench_v1_vlmevalkit_circular.tsv").write_text(f"{header}\n{body}\n")
    found = figures("3dsrbench", tmp_path, ["A", "B", "A", "A"])
    assert found["accuracy"] == found["type: height"] == 0.5
    assert found["rows right, each alone"] == 0.75


def test_vsi_bench_takes_first_words_and_mean_relative_accuracy(tmp_path):
    rows = [
        vsi_row(0, "object_rel_direction_easy", "A", ["A. left", "B. right"]),
        vsi_row(1, "object_rel_direction_hard", "B", ["A. left", "B. right"]),
        vsi_row(2, "object_counting", "4", None),
        vsi_row(3, "object_counting", "10", None),
        vsi_row(4, "route_planning", "B", ["A. turn left", "B. turn right"]),
    ]
    write_lines(tmp_path / "test.jsonl", rows)
    found = figures("vsi-bench", tmp_path, ["a.", "(B)", "5 chairs", "about ten", "B"])
    assert found["question type: object_counting"] == pytest.approx(0.6 / 2), "off by a quarter passes 0.50 to 0.75"
    assert found["question type: object_rel_direction"] == pytest.approx((1 + 0) / 3)
    assert found["overall"] == pytest.approx((1 / 3 + 0.3 + 1) / 3)


def test_nlvr_counts_sentences_right_throughout(tmp_path):
    row = {"sentence": "There is a box.", "directory": "2", "evals": {"r1": "true"}, "label": "true"}
    write_lines(tmp_path / "dev.json", [{**row, "identifier": "7-0"}, {**row, "identifier": "7-1"}])
    assert figures("nlvr", tmp_path, ["TRUE", "false"]) == {"accuracy": 0.5, "consistency": 0.0}
    found = figures("nlvr-images", tmp_path, ["true"] * 11 + ["false"])
    assert found["accuracy"] == pytest.approx(11 / 12)


def test_options_are_shuffled_by_seed_and_item_and_the_answer_goes_along():
    items = [make_item(id=str(n), options=("right one", "b", "c", "d")) for n in range(200)]
    shuffled = [item.shuffled(seed=3) for item in items]
    assert all(item.options[item.answer] == "right one" for item in shuffled)
    assert shuffled == [item.shuffled(seed=3) for item in items] != [item.shuffled(seed=4) for item in items]
    assert 30 < sum(item.answer == 0 for item in shuffled) < 70
    assert make_item(options=(), answer=-1, number=2.0).shuffled(1).answer == -1


def test_a_tie_is_no_answer():
    assert chosen([0.1, 0.7, 0.2]) == 1
    assert chosen([0.5, 0.5, 0.0]) is None
    assert chosen([0.0, 0.0]) is None


def test_a_blind_item_shows_grey_and_needs_no_files(tmp_path):
    write_lines(tmp_path / "dev.jsonl", [{"image": "1.jpg", "question": "?", "options": ["a", "b"], "answer": "a"}])
    (item,) = BENCHMARKS["spatialmqa"].read(tmp_path).items
    (picture,) = item.blind().pictures
    assert np.unique(picture.load()).tolist() == [128]


def test_intervals_are_seeded_and_cover_the_figure():
    figure = Figure("accuracy", ((1.0, np.array([1.0] * 600 + [0.0] * 400)),))
    low, high = figure.interval(seed=0)
    assert (low, high) == figure.interval(seed=0) != figure.interval(seed=1)
    assert low < 0.6 < high and high - low == pytest.approx(2 * 1.96 * np.sqrt(0.6 * 0.4 / 1000), abs=0.004)


def test_a_scorecard_is_plain_json(tmp_path):
    write_lines(tmp_path / "random" / "test.jsonl", [vsr_row(), vsr_row()])
    reading = BENCHMARKS["vsr"].read(tmp_path)
    card = score(BENCHMARKS["vsr"], reading, {"random/test/0": 1, "random/test/1": "no idea"})
    loaded = json.loads(json.dumps(card.to_json()))
    assert (loaded["items"], loaded["unanswered"], loaded["lines"][0]["value"]) == (2, 1, 0.5)
