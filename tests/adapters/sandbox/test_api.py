"""The sandbox's API as tools use it: over a real socket, on both databases."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain import Person
from tests.adapters.sandbox.conftest import Caller

pytestmark = pytest.mark.asyncio(loop_scope="session")


def moment(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


def by_name(form: Any, name: str) -> Any:
    return next(field for field in form["fields"] if field["name"] == name)


async def test_it_says_that_it_is_well(sandbox: Caller) -> None:
    assert await sandbox.get("/healthz") == {"status": "ok"}


async def test_whoever_comes_first_is_coordinator(sandbox: Caller) -> None:
    olga = await sandbox.person("Olga", timezone="Chicago")
    ada = await sandbox.person("Ada", timezone="America/New_York", liaison=True)
    people = (await sandbox.get("/api/people"))["people"]
    assert [(p["id"], p["name"], p["timezone"], p["coordinator"], p["liaison"]) for p in people] == [
        (olga, "Olga", "America/Chicago", True, False),
        (ada, "Ada", "America/New_York", False, True),
    ]


async def test_a_typed_command_is_answered_and_kept(sandbox: Caller) -> None:
    ada = await sandbox.person("Ada", timezone="America/New_York")
    said = (await sandbox.types(ada, "/trial parts"))["message"]
    assert said["text"].startswith(
        "Ada, write to #mentoring by Monday, March 15, 2027.\n- first /trial form\n- then rest until Tuesday, "
        "June 15, 2027 at 10:00"
    )
    assert said["from"] == "mentorbot"
    assert said["notice"].startswith("Ada, write")
    kinds = ["text", "quoted", "facts", "rows", "table", "picture", "paper", "buttons"]
    assert [part["kind"] for part in said["parts"]] == kinds
    assert [button["label"] for button in said["buttons"]] == [
        "Reached",
        "Set a goal",
        "Read more",
        "Ask me less often",
    ]
    assert said["buttons"][0] == {"label": "Reached", "run": "trial tap", "args": {"role": "cataloging"}}
    assert said["buttons"][3]["quiet"] is True
    inbox = await sandbox.inbox(ada)
    assert [m["id"] for m in inbox] == [said["id"]]
    assert inbox[0] == said
    assert await sandbox.inbox(ada, said["id"]) == []


async def test_the_html_of_a_message_escapes_what_people_wrote(sandbox: Caller) -> None:
    ada = await sandbox.person('<img src=x onerror="alert(1)">')
    html = (await sandbox.types(ada, "trial parts"))["message"]["html"]
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;" in html
    assert "&lt;b&gt;a&lt;/b&gt;" in html
    assert '<strong><b class="who">&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</b>, write to' in html
    assert "**not bold**" in html
    assert '<button type="button" class="run">/trial form</button>' in html
    assert 'href="https://example.org/a?b=1&amp;c=2"' in html


async def test_a_form_is_asked_filled_in_and_sent(sandbox: Caller) -> None:
    ada = await sandbox.person("Ada")
    form = (await sandbox.types(ada, "/trial form"))["form"]
    assert (form["title"], form["run"], form["values"], form["errors"]) == ("Apply for the trial", "trial form", {}, {})
    assert by_name(form, "wishes") == {
        "name": "wishes",
        "label": "What would you like to learn about?",
        "kind": "ranked",
        "choices": [
            ["acquisitions", "acquisitions"],
            ["cataloging", "cataloging and metadata"],
            ["preservation", "preservation and reformatting"],
        ],
        "search": False,
        "picker": "",
        "required": True,
        "hint": "Read by the committee.",
        "page": 1,
        "places": 3,
        "shown": 2,
        "max_length": 300,
        "least": None,
        "most": None,
    }
    assert ["America/New_York", "New York – Eastern time"] in by_name(form, "zone")["choices"]
    values = {"wishes": ["cataloging"], "zone": "Chicago", "name": "Ada", "career": "acquisitions"}
    again = (await sandbox.post(f"/api/people/{ada}/submit", {"run": form["run"], "values": values}))["form"]
    assert again["errors"] == {"agreed": "Please tick this to go on."}
    assert again["values"] == values
    whole = {**values, "agreed": True, "minutes": 60, "avoid": []}
    said = await sandbox.post(f"/api/people/{ada}/submit", {"run": form["run"], "values": whole})
    assert said["message"]["text"] == "Thank you, Ada. First choice: cataloging."


async def test_a_refusal_stands_beside_its_field(sandbox: Caller) -> None:
    ada = await sandbox.person("Ada")
    values = {"wishes": ["cataloging"], "zone": "Chicago", "name": "nobody", "career": "acquisitions", "agreed": "yes"}
    form = (await sandbox.post(f"/api/people/{ada}/submit", {"run": "trial form", "values": values}))["form"]
    assert form["errors"] == {"name": "That name is taken by nobody."}


async def test_what_was_begun_is_offered_again(sandbox: Caller) -> None:
    ada = await sandbox.person("Ada")
    kept = await sandbox.post(f"/api/people/{ada}/draft", {"run": "trial form", "values": {"name": "Ada L."}})
    assert kept == {"kept": True}
    assert (await sandbox.types(ada, "/trial form"))["form"]["values"] == {"name": "Ada L."}


async def test_choices_are_searched(sandbox: Caller) -> None:
    ada, ben = await sandbox.person("Ada"), await sandbox.person("Ben")
    base = f"/api/people/{ada}/choices?run=trial+form"
    assert await sandbox.get(f"{base}&field=avoid&typed=be") == {"choices": [[str(ben), "Ben"]]}
    found = await sandbox.get(f"{base}&field=zone&kind=timezone&typed=kolk")
    assert found == {"choices": [["Asia/Kolkata", "Kolkata – India"]]}
    assert (await sandbox.get(f"{base}&field=nothing", status=400))["error"].startswith("This form has no field")


async def test_a_pressed_button_changes_its_message(sandbox: Caller) -> None:
    ada = await sandbox.person("Ada")
    asked = (await sandbox.types(ada, "/trial tap"))["message"]
    button = asked["buttons"][1]
    pressed = {"run": button["run"], "args": button["args"], "message": asked["id"]}
    answer = await sandbox.post(f"/api/people/{ada}/press", pressed)
    assert answer["changed"] == asked["id"]
    assert answer["message"]["text"] == "Noted: cataloging."
    assert [m["text"] for m in await sandbox.inbox(ada)] == ["Noted: cataloging."]


async def test_a_press_without_its_message_is_answered_by_a_new_one(sandbox: Caller) -> None:
    ada = await sandbox.person("Ada")
    answer = await sandbox.post(f"/api/people/{ada}/press", {"run": "trial tap", "args": {"role": "cataloging"}})
    assert "changed" not in answer
    assert len(await sandbox.inbox(ada)) == 1


async def test_a_letter_arrives_when_the_clock_is_turned(sandbox: Caller) -> None:
    ada, ben = await sandbox.person("Ada"), await sandbox.person("Ben")
    await sandbox.types(ada, f'/trial letter to:"{ben}" days:3')
    assert await sandbox.inbox(ben) == []
    before = await sandbox.get("/api/clock")
    assert [due["what"] for due in before["due"]] == ["a message to somebody"]
    assert moment(before["due"][0]["at"]) - moment(before["now"]) == pytest.approx(
        timedelta(days=3), abs=timedelta(seconds=5)
    )
    after = await sandbox.post("/api/clock", {"forward": {"days": 14}})
    assert moment(after["now"]) - moment(before["now"]) == pytest.approx(timedelta(days=14), abs=timedelta(seconds=5))
    [letter] = await sandbox.inbox(ben)
    assert letter["text"] == "Ada wrote to you."
    assert letter["unasked"] is True
    assert moment(letter["at"]) - moment(before["now"]) == pytest.approx(timedelta(days=3), abs=timedelta(seconds=5))
    assert after["due"] == []


async def test_the_clock_goes_to_the_next_thing_and_to_a_moment(sandbox: Caller) -> None:
    ada = await sandbox.person("Ada")
    start = moment((await sandbox.get("/api/clock"))["now"])
    await sandbox.types(ada, f'/trial letter to:"{ada}" days:2')
    state = await sandbox.post("/api/clock", {"forward": {"next": True}})
    assert moment(state["now"]) - start == pytest.approx(timedelta(days=2), abs=timedelta(seconds=5))
    assert [m["text"] for m in await sandbox.inbox(ada)] == ["It is on its way.", "Ada wrote to you."]
    same = await sandbox.post("/api/clock", {"forward": {"next": True}})
    assert moment(same["now"]) - moment(state["now"]) < timedelta(seconds=5)
    goal = f"{start + timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"
    assert (await sandbox.post("/api/clock", {"to": goal}))["now"][:16] == goal[:16]
    refused = await sandbox.post("/api/clock", {"to": f"{start:%Y-%m-%dT%H:%M:%SZ}"}, status=400)
    assert refused["error"].startswith("The clock only goes forward")


async def test_a_channel_shows_the_call_to_everybody(sandbox: Caller) -> None:
    olga, ada = await sandbox.person("Olga"), await sandbox.person("Ada")
    await sandbox.types(olga, "/trial call")
    channels = (await sandbox.get("/api/channels"))["channels"]
    assert [(c["name"], c["private"]) for c in channels] == [("mentoring", False), ("mentoring-liaisons", True)]
    [call] = (await sandbox.get("/api/channels/mentoring/messages"))["messages"]
    assert call["text"] == "Applications are open."
    assert (await sandbox.get(f"/api/channels/mentoring/messages?after={call['id']}"))["messages"] == []
    seen = (await sandbox.get(f"/api/people/{ada}/messages?conversation=channel-mentoring"))["messages"]
    assert [m["id"] for m in seen] == [call["id"]]
    refused = (await sandbox.types(ada, "/trial call"))["message"]
    assert "is for coordinators" in refused["text"]


async def test_a_private_channel_is_seen_by_the_team_alone(sandbox: Caller) -> None:
    olga, ada = await sandbox.person("Olga"), await sandbox.person("Ada")

    async def titles(person: int) -> list[str]:
        found = (await sandbox.get(f"/api/people/{person}/conversations"))["conversations"]
        return [one["title"] for one in found]

    assert await titles(olga) == ["mentorbot", "mentoring", "mentoring-liaisons"]
    assert await titles(ada) == ["mentorbot", "mentoring"]
    await sandbox.get(f"/api/people/{ada}/messages?conversation=channel-mentoring-liaisons", status=404)
    await sandbox.get(f"/api/people/{ada}/messages?conversation=dm-{olga}", status=404)


async def test_a_room_is_for_its_people(sandbox: Caller) -> None:
    ada, ben, carla = [await sandbox.person(name) for name in ("Ada", "Ben", "Carla")]
    await sandbox.types(ada, f'/trial room "{ben}"')
    rooms = (await sandbox.get(f"/api/people/{ben}/conversations"))["conversations"]
    room = next(one for one in rooms if one["kind"] == "room")
    assert (room["title"], room["people"]) == ("Ada and Ben", [ada, ben])
    [introduction] = await sandbox.inbox(ben)
    assert introduction["text"] == "Ada, meet Ben."
    assert introduction["conversation"] == room["id"]
    said = await sandbox.types(ben, "Hello Ada, does Tuesday suit you?", conversation=room["id"])
    assert said["message"]["from"] == "Ben"
    assert said["message"]["author"] == ben
    private = await sandbox.types(ben, "/trial here", conversation=room["id"])
    assert private["message"]["only_you"] is True
    assert private["message"]["text"] != "Place 0."
    seen = (await sandbox.get(f"/api/people/{ada}/messages?conversation={room['id']}"))["messages"]
    assert [m["text"] for m in seen] == ["Ada, meet Ben.", "Hello Ada, does Tuesday suit you?"]
    await sandbox.post(f"/api/people/{carla}/type", {"text": "hi", "conversation": room["id"]}, status=404)


async def test_nobody_presses_what_they_do_not_see(sandbox: Caller) -> None:
    ada, ben = await sandbox.person("Ada"), await sandbox.person("Ben")
    asked = (await sandbox.types(ada, "/trial tap"))["message"]
    press = {"run": "trial tap", "args": {"role": "cataloging"}, "message": asked["id"]}
    await sandbox.post(f"/api/people/{ben}/press", press, status=404)
    assert (await sandbox.inbox(ada))[0]["text"] == asked["text"]


async def test_a_page_asks_for_what_changed_since(sandbox: Caller) -> None:
    ada = await sandbox.person("Ada")
    asked = (await sandbox.types(ada, "/trial tap"))["message"]
    first = await sandbox.get(f"/api/people/{ada}/messages")
    assert [m["author"] for m in first["messages"]] == [ada, 0]
    press = {"run": "trial tap", "args": {"role": "cataloging"}, "message": asked["id"]}
    await sandbox.post(f"/api/people/{ada}/press", press)
    then = await sandbox.get(f"/api/people/{ada}/messages?since={first['revision']}")
    assert [(m["id"], m["changed"]) for m in then["messages"]] == [(asked["id"], True)]


async def test_commands_are_listed_by_duty(sandbox: Caller) -> None:
    olga, ada = await sandbox.person("Olga"), await sandbox.person("Ada")

    async def paths(person: int) -> set[str]:
        return {c["path"] for c in (await sandbox.get(f"/api/commands?person={person}"))["commands"]}

    assert "trial call" in await paths(olga)
    assert "trial call" not in await paths(ada)
    assert "trial bug" not in await paths(olga)


async def test_a_page_hears_that_something_changed(sandbox: Caller) -> None:
    ada = await sandbox.person("Ada")
    async with sandbox.session.get(f"{sandbox.base}/api/events") as stream, asyncio.timeout(5):
        assert stream.content_type == "text/event-stream"
        assert (await stream.content.readline()).startswith(b'data: {"revision": 0')
        await stream.content.readline()
        await sandbox.types(ada, "/trial parts")
        assert (await stream.content.readline()).startswith(b'data: {"revision": ')


async def test_starting_over_forgets_everything(sandbox: Caller) -> None:
    ada = await sandbox.person("Ada")
    await sandbox.types(ada, f'/trial letter to:"{ada}" days:3')
    await sandbox.post("/api/clock", {"forward": {"weeks": 2}})
    await sandbox.post("/api/reset", {"cast": False})
    assert (await sandbox.get("/api/people"))["people"] == []
    assert (await sandbox.get("/api/channels/mentoring/messages"))["messages"] == []
    clock = await sandbox.get("/api/clock")
    assert abs(moment(clock["now"]) - datetime.now().astimezone()) < timedelta(seconds=5)
    assert clock["due"] == []
    await sandbox.person("Olga")
    assert (await sandbox.get("/api/people"))["people"][0]["coordinator"] is True


async def test_our_own_bug_is_a_message_and_no_500(sandbox: Caller) -> None:
    ada = await sandbox.person("Ada")
    assert "went wrong on my side" in (await sandbox.types(ada, "/trial bug"))["message"]["text"]


BAD_BODIES = [
    ("/api/people", b"{", 400),
    ("/api/people", b"[1]", 400),
    ("/api/people", b'"x"', 400),
    ("/api/people", b"\xff\xfe", 400),
    ("/api/people", b"[" * 200_000, 400),
    ("/api/people", b'{"name": ' + b"9" * 5000 + b"}", 400),
    ("/api/people", b"{}", 400),
    ("/api/people", b'{"name": 5}', 400),
    ("/api/people", b'{"name": "  "}', 400),
    ("/api/people", b'{"name": "\\u0000\\ud800"}', 400),
    ("/api/people", b'{"name": "Ada", "timezone": "Atlantis"}', 400),
    ("/api/people", b'{"name": "Ada", "timezone": "Springfield"}', 400),
    ("/api/people", b'{"name": "Ada", "timezone": 5}', 400),
    ("/api/people", b'{"name": "Ada", "coordinator": "yes"}', 400),
    ("/api/people", b'{"name": "' + b"a" * 101 + b'"}', 400),
    ("/api/people", b'{"name": "' + b"a" * 1_000_001 + b'"}', 413),
    ("/api/people/1/type", b"{}", 400),
    ("/api/people/1/type", b'{"text": ["a"]}', 400),
    ("/api/people/999/type", b'{"text": "hi"}', 404),
    ("/api/people/x/type", b'{"text": "hi"}', 404),
    ("/api/people/99999999999999999999/type", b'{"text": "hi"}', 404),
    ("/api/people/1/type", b'{"text": "hi", "conversation": "room-1"}', 404),
    ("/api/people/1/type", b'{"text": "hi", "conversation": 7}', 400),
    ("/api/people/1/press", b'{"args": {}}', 400),
    ("/api/people/1/press", b'{"run": "trial tap", "args": []}', 400),
    ("/api/people/1/press", b'{"run": "trial tap", "args": {"role": {"a": 1}}}', 400),
    ("/api/people/1/press", b'{"run": "trial tap", "args": {"role": 1.5}}', 400),
    ("/api/people/1/press", b'{"run": "trial tap", "args": {}, "message": 77}', 404),
    ("/api/people/1/press", b'{"run": "trial tap", "args": {}, "message": true}', 400),
    ("/api/people/1/submit", b'{"run": 3, "values": {}}', 400),
    ("/api/people/1/submit", b'{"run": "trial form", "values": "x"}', 400),
    ("/api/people/1/draft", b'{"run": "no such thing", "values": {}}', 400),
    ("/api/clock", b"{}", 400),
    ("/api/clock", b'{"forward": {"days": 1}, "to": "2099-01-01T00:00:00Z"}', 400),
    ("/api/clock", b'{"forward": {"days": -1}}', 400),
    ("/api/clock", b'{"forward": {"days": NaN}}', 400),
    ("/api/clock", b'{"forward": {"days": 1e300}}', 400),
    ("/api/clock", b'{"forward": {"weeks": 99999999}}', 400),
    ("/api/clock", b'{"forward": {"fortnights": 1}}', 400),
    ("/api/clock", b'{"forward": {"next": false}}', 400),
    ("/api/clock", b'{"forward": 14}', 400),
    ("/api/clock", b'{"to": "yesterday"}', 400),
    ("/api/clock", b'{"to": "2099-01-01T00:00:00"}', 400),
    ("/api/clock", b'{"to": "0001-01-01T00:00:00+14:00"}', 400),
    ("/api/clock", b'{"to": "9999-01-01T00:00:00Z"}', 400),
    ("/api/reset", b'{"cast": 1}', 400),
    ("/api/nothing", b"{}", 404),
    ("/api/events", b"{}", 405),
    ("/healthz", b"{}", 405),
]


async def test_a_bad_request_gets_a_reason(sandbox: Caller) -> None:
    await sandbox.person("Ada")
    for path, body, status in BAD_BODIES:
        async with sandbox.session.post(sandbox.base + path, data=body) as answer:
            assert answer.status == status, (path, body[:60], await answer.text())
            sentence = (await answer.json())["error"]
            assert sentence.endswith("."), (path, body[:60], sentence)
    assert len((await sandbox.get("/api/people"))["people"]) == 1


async def test_a_bad_address_gets_a_reason(sandbox: Caller) -> None:
    await sandbox.person("Ada")
    for path, status in (
        ("/api/people/1/inbox?after=x", 400),
        ("/api/people/1/inbox?after=-1", 400),
        ("/api/people/1/inbox?after=99999999999999999999", 400),
        ("/api/people/2/inbox", 404),
        ("/api/people/1/messages?conversation=nowhere", 404),
        ("/api/people/1/choices", 400),
        ("/api/channels/nothing/messages", 404),
        ("/api/pictures/1/0.png", 404),
        ("/api/pictures/x/0.png", 404),
        ("/api/commands?person=9", 404),
    ):
        async with sandbox.session.get(sandbox.base + path) as answer:
            assert answer.status == status, (path, await answer.text())
            assert (await answer.json())["error"].endswith(".")


async def test_only_this_machine_and_its_own_page_are_answered(sandbox: Caller) -> None:
    port = sandbox.base.rpartition(":")[2]
    refused: list[dict[str, str]] = [
        {"Host": "example.org"},
        {"Host": f"example.org:{port}"},
        {"Host": "127.0.0.1:1"},
        {"Host": "127.0.0.1"},
        {"Host": f"127.0.0.1.example.org:{port}"},
        {"Origin": "http://example.org"},
        {"Origin": "null"},
        {"Origin": f"https://127.0.0.1:{port}"},
        {"Origin": f"http://localhost:{port}"},
    ]
    for headers in refused:
        async with sandbox.session.get(f"{sandbox.base}/healthz", headers=headers) as answer:
            assert answer.status == 403, headers
            assert "error" in await answer.json()
    for headers in ({"Origin": sandbox.base}, {"Host": f"localhost:{port}"}):
        async with sandbox.session.get(f"{sandbox.base}/healthz", headers=headers) as answer:
            assert answer.status == 200, headers


async def test_the_page_may_load_nothing_from_elsewhere(sandbox: Caller) -> None:
    for path in ("/", "/page/style.css", "/healthz", "/nothing"):
        async with sandbox.session.get(sandbox.base + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "unsafe" not in policy


async def test_what_is_typed_never_breaks_it(sandbox: Caller) -> None:
    ada = await sandbox.person("Ada")
    for text in ("/trial form name:“never closed", "@everyone <!channel>", "🙂" * 5000, "x" * 20_000, "\u202eabc", "/"):
        assert (await sandbox.types(ada, text)).keys() <= {"message", "form"}, text
    async with sandbox.session.post(
        f"{sandbox.base}/api/people/{ada}/type", data=b'{"text": "a\\u0000\\ud800b"}'
    ) as answer:
        assert answer.status == 200
    seen = (await sandbox.get(f"/api/people/{ada}/messages"))["messages"]
    assert seen[-2]["text"] == "ab"


async def test_who_was_expected_with_a_mail_address_arrives_with_it(sandbox: Caller) -> None:
    olga = await sandbox.person("Olga")
    async with sandbox.playground.app.storage.work() as work:
        here = await work.get(Person, olga)
        work.add(Person(community_id=here.community_id, name="Ada", mail="ada@example.org", created_at=work.now))
    await sandbox.types(olga, "/trial letter to:Ada days:0")
    assert [one["name"] for one in (await sandbox.get("/api/people"))["people"]] == ["Olga"]
    wrong = await sandbox.post("/api/people", {"name": "Ada", "mail": "ada"}, status=400)
    assert wrong == {"error": "“ada” is not a mail address."}
    ada = await sandbox.person("ada.l", mail="Ada@Example.org")
    assert [one["name"] for one in (await sandbox.get("/api/people"))["people"]] == ["Olga", "Ada"]
    assert [letter["text"] for letter in await sandbox.inbox(ada)] == ["Olga wrote to you."]
    other = await sandbox.person("Mallory", mail="ada@example.org")
    assert await sandbox.inbox(other) == []
