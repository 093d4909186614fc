"""Which test stands for which behaviour of AI2-THOR's own test suite (ai2thor/tests, 5.0 era, by function name).

Protocol: what any engine must do. Semantics: what a good engine ought to do; some of it needs FloorPlan28's layout.
Beyond: what that suite asks of Unity's own meshes, of which the sense, not the numbers, is asked here.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PROTOCOL = {
    "test_agent_controller_type_no_longer_accepted": "start::test_the_old_name_of_agent_modes_is_refused",
    "test_third_party_camera_with_image_synthesis": "cameras::test_a_camera_sends_every_kind_of_picture",
    "test_rectangle_aspect": "start::test_pictures_have_the_wanted_shape",
    "test_small_aspect": "start::test_pictures_have_the_wanted_shape",
    "test_bot_deprecation": "start::test_bot_is_the_old_name_of_locobot",
    "test_deprecated_segmentation_params": "start::test_both_names_of_segmentation_work",
    "test_deprecated_segmentation_params2": "start::test_both_names_of_segmentation_work",
    "test_reset": "start::test_reset_changes_size_and_pictures",
    "test_fast_emit": "dispatch::test_queries_are_answered_without_a_new_event_body",
    "test_fast_emit_disabled": "dispatch::test_queries_get_whole_events_on_request",
    "test_fifo_large_input": "dispatch::test_long_texts_come_back_whole",
    "test_no_leak_params": "dispatch::test_the_callers_arguments_are_not_touched",
    "test_action_dispatch_missing_args": "dispatch::test_a_wrong_call_raises_and_leaves_its_code",
    "test_action_dispatch_invalid_action": "dispatch::test_a_wrong_call_raises_and_leaves_its_code",
    "test_action_dispatch_empty": "dispatch::test_arguments_choose_what_is_called",
    "test_action_disptatch_one_param": "dispatch::test_arguments_choose_what_is_called",
    "test_action_disptatch_two_param": "dispatch::test_arguments_choose_what_is_called",
    "test_action_disptatch_two_param_with_default": "dispatch::test_arguments_choose_what_is_called",
    "test_action_disptatch_two_param_with_default_empty": "dispatch::test_arguments_choose_what_is_called",
    "test_action_disptatch_serveraction_default": "dispatch::test_arguments_choose_what_is_called",
    "test_action_disptatch_serveraction_with_object_id": "dispatch::test_arguments_choose_what_is_called",
    "test_action_disptatch_all_default": "dispatch::test_arguments_choose_what_is_called",
    "test_action_disptatch_some_default": "dispatch::test_arguments_choose_what_is_called",
    "test_jsonschema_metadata": "metadata::test_the_default_agents_event",
    "test_drone_jsonschema_metadata": "metadata::test_the_drones_event",
    "test_get_scenes_in_build": "start::test_the_build_lists_its_scenes",
    "test_get_reachable_positions": "navigation::test_reachable_positions_have_an_alias_for_one_event",
    "test_per_step_instance_segmentation": "start::test_one_step_may_ask_for_segmentation",
    "test_change_resolution": "start::test_the_resolution_can_change",
    "test_change_resolution_image_synthesis": "start::test_a_change_of_resolution_and_back_changes_nothing",
    "test_invalid_arguments": "dispatch::test_an_argument_too_many_is_refused",
    "test_segmentation_colors": "start::test_colours_of_classes_are_known_both_ways",
    "test_timeout": "start::test_a_silent_engine_is_given_up",
}
SEMANTICS = {
    "test_lookdown": "navigation::test_looking_down_stops_at_sixty_degrees",
    "test_lookup": "navigation::test_looking_up_stops_at_thirty_degrees",
    "test_rotate_left": "navigation::test_a_turn_changes_the_yaw_only",
    "test_rotate_right": "navigation::test_a_turn_changes_the_yaw_only",
    "test_rotate_look": "navigation::test_rotate_look_sets_both_angles",
    "test_simobj_filter": "objects::test_a_filter_limits_the_objects",
    "test_add_third_party_camera": "cameras::test_a_camera_is_added_as_given",
    "test_update_third_party_camera": "cameras::test_a_camera_is_changed_in_part",
    "test_multi_agent_with_third_party_camera": "cameras::test_agents_have_pictures_of_their_own_beside_a_camera",
    "test_target_invocation_exception": "dispatch::test_a_place_outside_the_picture_fails_without_an_exception",
    "test_open": "objects::test_openness_is_a_fraction",
    "test_open_aabb_cache": "objects::test_the_box_grows_when_a_door_opens",
    "test_unsupported_manipulathor": "objects::test_an_agent_with_an_arm_has_no_other_hand",
    "test_set_random_seed": "objects::test_the_seed_decides_the_materials",
    "test_randomize_materials_clearOnReset": "objects::test_materials_come_back",
    "test_randomize_materials_scenes": "objects::test_the_number_of_a_scene_decides_which_materials_it_gets",
    "test_randomize_materials_params": "objects::test_materials_can_be_chosen",
    "test_settle_physics": "objects::test_a_scene_at_rest_stays_at_rest",
    "test_moveahead_fail": "navigation::test_a_move_through_a_wall_fails",
    "test_third_party_camera_depth": "cameras::test_a_camera_at_the_agents_eye_measures_the_same_depth",
    "test_toggle_stove": "objects::test_a_knob_of_the_stove_is_turned",
    "test_open_interactable": "objects::test_a_visible_fridge_opens",
    "test_open_interactable_with_filter": "objects::test_a_visible_fridge_opens",
    "test_moveahead": "navigation::test_a_move_goes_one_way",
    "test_moveback": "navigation::test_a_move_goes_one_way",
    "test_moveleft": "navigation::test_a_move_goes_one_way",
    "test_moveright": "navigation::test_a_move_goes_one_way",
    "test_moveahead_mag": "navigation::test_a_move_goes_one_way",
    "test_teleport": "navigation::test_a_teleport_to_a_bad_place_changes_nothing",
    "test_drop_object": "objects::test_what_is_held_is_dropped",
    "test_fill_liquid": "objects::test_a_pot_is_filled_and_emptied",
    "test_arm_jsonschema_metadata": "metadata::test_the_event_of_an_agent_with_an_arm",
}
BEYOND = {
    "test_determinism": "houses::test_the_same_template_gives_the_same_house",
    "test_depth": "houses::test_the_depth_of_an_empty_room_is_that_of_its_walls",
    "test_get_interactable_poses": "navigation::test_interactable_poses_keep_to_what_is_asked",
    "test_2d_semantic_hulls": "cameras::test_outlines_from_above_enclose_the_objects",
    "test_get_object_in_frame": "cameras::test_a_place_of_the_picture_names_its_object",
    "test_get_coordinate_from_raycast": "cameras::test_a_ray_through_the_picture_ends_where_depth_says",
    "test_get_reachable_positions_with_directions_relative_agent": (
        "navigation::test_the_grid_of_reachable_positions_may_turn_with_the_agent"
    ),
    "test_manipulathor_move": "navigation::test_an_agent_with_an_arm_moves",
    "test_manipulathor_rotate": "navigation::test_an_agent_with_an_arm_turns_by_any_angle",
}


def functions(module: str) -> set[str]:
    """Names of the test functions of one module of the suite."""
    tree = ast.parse((Path(__file__).parent / f"test_conformance_{module}.py").read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_behaviour_is_listed():
    assert (len(PROTOCOL), len(SEMANTICS)) == (33, 32)


@pytest.mark.parametrize("table", [PROTOCOL, SEMANTICS, BEYOND], ids=["protocol", "semantics", "beyond"])
def test_the_tests_named_exist(table):
    for upstream, ours in table.items():
        module, name = ours.split("::")
        assert name in functions(module), upstream
