"""docs/rfc.md says what is there, and how its checks find out."""
import pytest

import rfc_table
import rfc_tests


def test_the_table_of_rfcs_is_up_to_date():
    """If not: tests/rules/rfc_table.py --write, and look at what changed."""
    assert rfc_table.problems() == []


@pytest.mark.parametrize("name, ids", [
    ("enum_14_a_later_order_is_used", ["ENUM-14"]),
    ("s_01_map_7_8_sip_1_2_a_message", ["MAP-7", "MAP-8", "SIP-1", "SIP-2"]),
    ("xmpp_5_and_17_broken_text", ["XMPP-5", "XMPP-17"]),
    ("sip_19_one_100_at_3_5_s", ["SIP-19"]),
    ("sip_8_sip_13_bad_headers", ["SIP-8", "SIP-13"]),
    ("sip_2xx_is_final", []),
    ("a_prim_5_is_no_requirement", []),
])
def test_ids_are_read_from_names(name, ids):
    assert rfc_tests.ids_in_name(name) == ids


@pytest.mark.parametrize("text, ids", [
    ("S-06, ENUM-30: a loop", ["ENUM-30"]),
    ("ENUM-12/13", ["ENUM-12", "ENUM-13"]),
    ("ENUM-18..20/23", ["ENUM-18", "ENUM-19", "ENUM-20", "ENUM-23"]),
    ("XMPP-10, -13 but not 7", ["XMPP-10", "XMPP-13"]),
    ("S-12-486", []),
])
def test_ids_are_read_from_texts(text, ids):
    assert rfc_tests.ids_in_text(text) == ids


@pytest.mark.parametrize("line, fault", [
    ("| IM-1 | RFC 1 | core | We do. | `enum/no.c` | built | - |",
     "does not exist"),
    ("| IM-1 | RFC 1 | core | We do. | `enum/tel.c` | open: | - |", "state"),
    ("| IM-1 | RFC 1 | core | We do. | `enum/tel.c` | done | - |", "state"),
    ("| IM-1 | RFC 1 | core | We do. | | built | - |", "in no file"),
    ("| IM-1 | RFC 1 | much | We do. | `enum/tel.c` | built | - |", "level"),
    ("| IM-1 | RFC 1 | core | We do. | `enum/tel.c` | built |", "7 cells"),
    ("| IM-2 | RFC 1 | core | We do. | `enum/tel.c` | built | - |",
     "does not follow"),
    ("| IM-1 | RFC 1 | core | We do. | `enum/tel.c` | proven | - |",
     "no test"),
])
def test_a_row_that_is_not_true_is_found(line, fault):
    no_tests = {"IM-1": [], "IM-2": []}
    found = rfc_table.faults(line + "\n", no_tests)
    assert len(found) == 1 and fault in found[0]


def test_states_and_tests_of_a_row_are_made():
    line = "| IM-1 | RFC 1 | core | We do. | `enum/tel.c` | built | - |\n"
    tests = [rfc_tests.Test("unit", "im_1_%d" % i, ["IM-1"], [])
             for i in range(5)]
    assert rfc_table.with_tests(line, {"IM-1": tests}) == line.replace(
        "built | - |", "proven | `im_1_0`<br>`im_1_1`<br>`im_1_2`<br>+2 |")
