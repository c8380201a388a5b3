"""The store: where threads are, and that it forgets nothing of a message."""
import re

from tree import code, sources, text

THREADS = re.compile(r"\b(pthread_\w+|thrd_\w+|mtx_\w+|atomic_\w+)\s*\(")

# members of struct message that stand elsewhere: see store_message.h
ELSEWHERE = {"seq", "body_len", "has_key", "arrived_ms", "tries", "answered"}


def test_threads_are_in_the_store_only():
    assert [str(path) for path in sources()
            if path.parts[:2] != ("gateway", "store")
            and THREADS.search(code(path))] == []


def members():
    """The names of the members of struct message."""
    body = re.search(r"^struct message \{(.*?)^\};", code("gateway/message.h"),
                     re.S | re.M).group(1)
    return set(re.findall(r"(\w+)(?:\[\w+\])?;", body))


def stored():
    """The names in the tables of store_message.c and store_more.c."""
    return set(name for path in ("store_message.c", "store_more.c")
               for name in re.findall(
                   r"\bSTORE_(?:NUMBER|STRING|ARRAY|FIELD)"
                   r"\((?:STORE_FIELD_\w+, )?([a-z]\w*)\)",
                   text("gateway/store/" + path)))


def test_every_member_of_a_message_is_stored():
    assert len(members()) > 30
    assert members() - ELSEWHERE == stored()


def test_every_column_of_a_message_is_in_the_table_of_sqlite():
    """Members may be added to `more` freely; a column wants a migration."""
    table = text("gateway/store/sqlite_schema.c")
    columns = text("gateway/store/store_message.c").split("columns[] = {")[1]
    names = re.findall(r"([a-z]\w*)\)", columns.split("};")[0])
    assert len(names) > 15
    assert [name for name in names
            if not re.search(r'[ "]%s\\?"? (TEXT|INTEGER|BLOB)' % name,
                             table)] == []
