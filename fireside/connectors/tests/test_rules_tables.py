"""Dates, columns, encodings, separators."""

import csv
import io
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireside.connectors.readers.tables import encoding_of, open_table, separator_of
from fireside.connectors.rules.columns import chosen, guess, is_head, numbered, plain_phone
from fireside.connectors.rules.records import Unusable
from fireside.connectors.rules.times import order_of, read_time

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def utc(text: str, **more):
    return read_time(text, zone=SHANGHAI, now=NOW, **more).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(("text", "moment"), [
    ("2024-01-31T18:05:33Z", "2024-01-31 18:05:33"), ("2024-01-31T18:05:33.250+02:00", "2024-01-31 16:05:33"), ("2024-01-31", "2024-01-30 16:00:00"),
    ("2024/1/31 8:05", "2024-01-31 00:05:00"), ("2024.1.31", "2024-01-30 16:00:00"), ("20240131", "2024-01-30 16:00:00"),
    ("2024年1月31日", "2024-01-30 16:00:00"), ("2024年1月31日 18时05分", "2024-01-31 10:05:00"), ("2024年1月31日 下午6:05", "2024-01-31 10:05:00"),
    ("2024年1月31日 星期三 上午12:05", "2024-01-30 16:05:00"), ("2024-01-31 06:05 PM", "2024-01-31 10:05:00"), ("31.01.2024", "2024-01-30 16:00:00"),
    ("31/01/2024", "2024-01-30 16:00:00"), ("01/31/2024 6:05 pm", "2024-01-31 10:05:00"), ("Jan 31, 2024", "2024-01-30 16:00:00"),
    ("31 January 2024 18:05", "2024-01-31 10:05:00"), ("Wed, 31 Jan 2024 18:05:00 +0000", "2024-01-31 18:05:00"), ("1706724333", "2024-01-31 18:05:33"),
    ("1706724333000", "2024-01-31 18:05:33"), ("45322.75", "2024-01-31 10:00:00"), ("２０２４－０１－３１", "2024-01-30 16:00:00"),
])  # fmt: skip
def test_dates_of_both_languages(text, moment):
    assert utc(text) == moment


@pytest.mark.parametrize(("text", "reason"), [
    ("", "no_time"), ("soon", "impossible_time"), ("2024-02-30", "impossible_time"), ("2024-13-01", "impossible_time"), ("1899-01-01", "impossible_time"),
    ("2999-01-01", "impossible_time"), ("3/4/2024", "unclear_time"), ("13/14/2024", "impossible_time"), ("7", "impossible_time"), ("2024-01-31 25:00", "impossible_time"),
    ("9" * 300, "impossible_time"),
])  # fmt: skip
def test_dates_that_cannot_be(text, reason):
    with pytest.raises(Unusable) as wrong:
        utc(text)
    assert wrong.value.reason == reason


def test_which_comes_first_is_told_by_the_file_or_by_hand():
    assert (order_of("31/12/2024"), order_of("12/31/2024"), order_of("3/4/2024")) == ("dmy", "mdy", "")
    assert utc("3/4/2024", order="dmy") == "2024-04-02 16:00:00"
    assert utc("3/4/2024", order="mdy") == "2024-03-03 16:00:00"


@given(st.text(max_size=80) | st.integers() | st.floats() | st.datetimes(timezones=st.just(UTC)))
def test_anything_is_a_moment_or_a_reason(value):
    with suppress(Unusable):
        assert read_time(value, zone=SHANGHAI, now=NOW).tzinfo is UTC


@given(st.datetimes(datetime(1990, 1, 2), datetime(2026, 5, 30)))
def test_iso_is_read_to_the_second(moment):
    for text in (
        moment.isoformat(sep=" ", timespec="seconds"),
        moment.strftime("%Y/%m/%d %H:%M:%S"),
        moment.strftime("%Y年%m月%d日 %H时%M分%S秒"),
    ):
        assert read_time(text, zone=UTC, now=NOW) == moment.replace(microsecond=0, tzinfo=UTC)


@pytest.mark.parametrize(("head", "fields"), [
    ("会员编号,姓名,手机号,邮箱,入会时间", {"id": 0, "name": 1, "phone": 2, "email": 3, "joined": 4}),
    ("First and last name;E-Mail;Phone number;Joined at", {"name": 0, "email": 1, "phone": 2, "joined": 3}),
    ("微信昵称\t联系方式\t备注", {"name": 0, "phone": 1, "about": 2}),
    ("User ID,Customer e-mail address,注册日期（北京时间）", {"id": 0, "email": 1, "joined": 2}),
])  # fmt: skip
def test_columns_are_guessed_in_both_languages(head, fields):
    assert guess(next(csv.reader([head], delimiter=separator_of(f"{head}\n")))) == fields


def test_columns_without_a_head_are_guessed_by_their_cells():
    rows = [["x", "a@example.org", "2024-01-31"], ["y", "b@example.org", "2024-02-01"]]
    assert not is_head(rows[0])
    assert guess(["", "", ""], rows, has_head=False) == {"name": 0, "email": 1, "joined": 2}
    numbers = [["1", "Ann", "138-0013-8000"], ["2", "Bo", "13900138000"]]
    assert not is_head(numbers[0]) and guess(["", "", ""], numbers, has_head=False) == {"name": 1, "phone": 2}
    assert chosen(["A", "B"], {"name": "b", "email": "1", "phone": "nope", "shoe": "A"}) == (
        {"name": 1, "email": 0},
        ["phone=nope", "shoe=A"],
    )


@pytest.mark.parametrize(("head", "fields"), [
    ("rownames,phone_service,internet_service,tenure", {}), ("productName,companyName,file name,usernames", {}),
    ("customer_id,workPhone,home-email,joinDate", {"id": 0, "phone": 1, "email": 2, "joined": 3}),
    ("Last name,First name,Birth date,Has phone,Email opt in", {"name": 1}), ("产品名称,最近下单时间,手机服务,联系人手机号（必填）,会员姓名", {"phone": 3, "name": 4}),
    ("E-mail 1,E-mail 2,Name 姓名", {"email": 0, "name": 2}), ("會員編號,暱稱,電子郵件,手機", {"id": 0, "name": 1, "email": 2, "phone": 3}),
])  # fmt: skip
def test_heads_are_matched_by_whole_words(head, fields):
    assert guess(head.split(",")) == fields


def test_cells_have_a_say_in_what_a_longer_head_means():
    assert guess(["customer name", "work phone"], [["1", "yes"], ["2", "no"], ["3", "no"]]) == {}
    assert guess(["customer name", "work phone"], [["Ann", "138-0013-8000"], ["Bo", ""]]) == {"name": 0, "phone": 1}


def test_columns_of_one_name_are_numbered_and_can_be_chosen():
    assert numbered(["Phone", "Phone", "Phone (2)", "Phone", ""]) == ("Phone", "Phone (2)", "Phone (2) (2)", "Phone (3)", "")
    assert chosen(numbered(["Name", "Phone", "Phone"]), {"phone": "Phone (2)"}) == ({"phone": 2}, [])


def test_telephones_lose_their_dress():
    assert (plain_phone("138-0013 8000"), plain_phone("+86 (138) 0013-8000"), plain_phone("none"), plain_phone("１３８００１３８０００")) == (
        "13800138000", "+8613800138000", "", "13800138000",
    )  # fmt: skip


HEAD = [["编号", "姓名", "说明"], ["1", "李雷", "喜欢灯，常来"], ["2", "韩梅梅", '她说"好"']]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_tables_in_any_encoding_and_separator(tmp_path, encoding, separator):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(HEAD)
    path = tmp_path / "people.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    table = open_table(path)
    assert [found.value for found in table.rows()] == HEAD, table


@pytest.mark.parametrize(("text", "encoding", "read_as"), [
    ("編號,姓名,電子郵件\n1,陳大文,a@example.org\n2,黃小明,b@example.org\n", "big5", "big5hkscs"), ("姓名\n陳怡君\n", "big5", "big5hkscs"),
    ("編號,姓名\n1,陳大文\n2,黃小明\n", "gb18030", "gb18030"), ("姓名,邮箱\n喆鑫,a@example.org\n淼,b@example.org\n", "gb18030", "gb18030"),
    ("name,email\n李雷,a@example.org\n", "gb18030", ""), ("이름,메일\n김철수,a@example.org\n박영희,b@example.org\n", "euc_kr", ""), ("name,email\n김철수 이영희 박민수,a@example.org\n", "cp949", ""),
    ("姓名,备注\n李丽,爱好是读书和旅行\n陈芳,刚搬来的邻居\n", "gb18030", "gb18030"), ("name,email\nBjörk,a@example.org\n", "cp1252", ""),
])  # fmt: skip
def test_chinese_of_both_kinds_is_told_apart_or_refused(text, encoding, read_as):
    if read_as:
        assert encoding_of(text.encode(encoding)) == read_as
        return
    with pytest.raises(Unusable, match="doubtful_encoding"):
        encoding_of(text.encode(encoding))


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), max_size=12), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    )
)
def test_utf8_is_never_taken_for_chinese(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    assert encoding_of(text.getvalue().encode()) in {"utf-8", "utf-8-sig"}


def test_what_is_no_table_is_refused(tmp_path):
    for name, data in {
        "a.csv": b"%PDF-1.7 x",
        "b.xls": b"\xd0\xcf\x11\xe0" + bytes(50),
        "c.xlsx": b"PK\x03\x04nothing",
        "d.csv": bytes(range(256)) * 9,
    }.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Unusable):
            list(open_table(tmp_path / name).rows())
