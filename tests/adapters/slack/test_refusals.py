"""Every word with which Slack refuses a call that letters need, as its reference lists them, and what comes of it."""

from __future__ import annotations

import pytest

from adapters.slack import trouble
from bot.ports import NotDelivered, PlaceOrder, Receipt, Trouble
from tests.adapters.slack.conftest import Town
from tests.adapters.slack.fake import TEAM, Refusal
from tests.adapters.slack.test_deliver import parcel

SOON, HOUR = (Trouble.BUSY, 30.0), (Trouble.BUSY, 3600.0)
GONE, CLOSED = (Trouble.GONE, 30.0), (Trouble.CLOSED, 30.0)
TAKEN = None
"""The call was refused, and the letter is none the worse for it."""

EVERYWHERE = {
    SOON: "fatal_error internal_error ratelimited request_timeout service_unavailable",
    HOUR: "access_denied accesslimited account_inactive deprecated_endpoint ekm_access_denied enterprise_is_restricted"
    " invalid_arg_name invalid_arguments invalid_array_arg invalid_auth invalid_charset invalid_form_data"
    " invalid_post_type is_bot method_deprecated missing_post_type no_permission not_allowed_token_type not_authed"
    " org_login_required team_added_to_org token_expired token_revoked two_factor_setup_required unknown_method",
}
"""What any method may say."""

ITS_OWN = {
    "chat.postMessage": {
        SOON: "message_limit_exceeded rate_limited",
        HOUR: "app_access_restricted as_user_not_supported attachment_payload_limit_exceeded cannot_reply_to_message"
        " draft_already_deleted draft_already_sent draft_has_conflict draft_not_found duplicate_channel_not_found"
        " duplicate_message_not_found invalid_blocks invalid_blocks_format invalid_metadata_format"
        " invalid_metadata_schema markdown_text_conflict messages_tab_disabled metadata_must_be_sent_from_app"
        " metadata_too_large missing_file_data missing_scope msg_blocks_too_long msg_too_long no_text"
        " send_on_behalf_not_allowed slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked"
        " slack_connect_lists_sharing_blocked team_not_found too_many_attachments too_many_contact_cards",
        GONE: "channel_not_found is_archived not_in_channel restricted_action restricted_action_non_threadable_channel"
        " restricted_action_read_only_channel restricted_action_thread_locked restricted_action_thread_only_channel",
    },
    "chat.update": {
        SOON: "external_channel_migrating message_limit_exceeded streaming_state_conflict update_failed",
        HOUR: "as_user_not_supported blocked_file_type file_deleted file_is_deleted file_not_found"
        " file_share_limit_reached invalid_attachments invalid_blocks invalid_blocks_format invalid_metadata_format"
        " invalid_metadata_schema markdown_text_conflict max_file_sharing_exceeded metadata_must_be_sent_from_app"
        " metadata_too_large missing_scope msg_too_long no_text posting_to_channel_denied"
        " slack_connect_blocked_file_type slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked"
        " slack_connect_file_link_sharing_blocked slack_connect_file_upload_sharing_blocked team_not_found"
        " too_many_attachments unable_to_share_files",
        GONE: "block_mismatch cant_broadcast_message channel_not_found is_inactive no_dual_broadcast_content_update",
        TAKEN: "cant_update_message edit_window_closed message_not_found",
    },
    "conversations.open": {
        HOUR: "users_list_not_supplied",
        GONE: "channel_not_found invalid_user_combination method_not_supported_for_channel_type missing_scope"
        " not_enough_users too_many_users",
        CLOSED: "user_disabled user_not_found user_not_visible",
    },
    "users.info": {HOUR: "missing_scope", GONE: "too_many_users", CLOSED: "user_not_found user_not_visible"},
}
"""What one method may say beyond that."""


@pytest.mark.parametrize("method", ITS_OWN)
async def test_whatever_slack_says_only_what_it_says_of_the_reader_makes_them_unreachable(
    town: Town, method: str
) -> None:
    ada, ben = town.person("Ada"), town.person("Ben")
    messenger, sent = town.slack.messenger, parcel(user=ada.user)
    receipt = await messenger.send(sent)
    found = {}
    for word in words_of(method):
        town.fake.faults[method] = [Refusal(word)]
        found[word] = await outcome_of(town, method, [ada.user, ben.user], receipt)
        assert town.fake.faults[method] == []
    assert found == words_of(method)


def words_of(method: str) -> dict[str, tuple[Trouble, float] | None]:
    tables = (EVERYWHERE, ITS_OWN[method])
    return {word: outcome for table in tables for outcome, words in table.items() for word in words.split()}


async def outcome_of(town: Town, method: str, users: list[str], receipt: Receipt) -> tuple[Trouble, float] | None:
    messenger, sent = town.slack.messenger, parcel(user=users[0])
    try:
        if method == "conversations.open":
            await messenger.open_place(PlaceOrder(1, TEAM, "Ada and Ben", users))
        elif method == "chat.update":
            await messenger.rewrite(sent, receipt)
        else:
            await messenger.send(sent)
    except NotDelivered as failed:
        return failed.trouble, failed.seconds
    return TAKEN


async def test_a_word_that_slack_never_said_before_leaves_the_reader_reachable(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town.fake.faults["chat.postMessage"] = [Refusal("moon_is_full")]
    assert await outcome_of(town, "chat.postMessage", [town.person("Ada").user], Receipt("", "")) == HOUR
    assert '"error": "moon_is_full"' in capsys.readouterr().out


def test_a_word_has_one_meaning() -> None:
    tables = (trouble._CLOSED, trouble._GONE, trouble._LATER, frozenset(trouble._AMISS))
    assert sum(map(len, tables)) == len(frozenset[str]().union(*tables))
