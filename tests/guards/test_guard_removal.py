"""Take one guard away, and a test fails: each that keeps something right has at least one that would miss it."""

from collections.abc import Iterator

import pytest

from dev.postgres import Postgres
from tests.fixtures.edge_guards import EDGE_GUARDS
from tests.fixtures.unguarded import Copy, Guard, copy_of_the_tree

CREDITS = "tests/integration/test_credits.py"
GRANTS = "tests/integration/test_ledger_grants.py"
FINALIZE = "tests/integration/test_finalize.py"
KILLS = "tests/integration/test_kill_points.py"
FEED = "tests/integration/test_change_feed.py"
FEED_ORDER = "tests/integration/test_change_feed_order.py"
EDITS = "tests/integration/test_edits_at_once.py"
SYNC = "shared/db/migrations/sql/0004_sync.up.sql"
WEBHOOK = "tests/integration/test_webhook_guards.py"
PUSHES = "tests/integration/test_pushes.py"
REPEATS = "tests/integration/test_enrichment_repeats.py"
SPACES = "tests/integration/test_embedding_spaces.py"
FAILURES = "tests/integration/test_enrichment_failures.py"
OUTBOX = "tests/integration/test_outbox.py"
FORESEEN = "tests/integration/test_foreseen_discards.py"
INBOX = "tests/integration/test_inbox.py"
STEPS = "shared/jobs/step_repository.py"
FOUNDATION = "shared/db/migrations/sql/0001_foundation.up.sql"
PAYMENTS = "shared/db/migrations/sql/0002_payments.up.sql"

GUARDS = [
    Guard(
        name="a debit needs the credits",
        file="shared/credits/repository.py",
        text=" AND credits >= %(least)s",
        without="",
        tests=(f"{CREDITS}::test_a_debit_larger_than_the_balance_changes_nothing",),
    ),
    Guard(
        name="one row for each thing",
        file=PAYMENTS,
        text="_ref_key,\n  ADD CONSTRAINT credit_ledger_once UNIQUE (reason, ref);",
        without="_ref_key;",
        tests=(f"{CREDITS}::test_a_second_debit_for_the_same_thing_is_refused_by_postgres",),
    ),
    Guard(
        name="no balance below zero",
        file=FOUNDATION,
        text="credits            integer NOT NULL DEFAULT 0 CHECK (credits >= 0)",
        without="credits            integer NOT NULL DEFAULT 0",
        tests=(f"{GRANTS}::test_postgres_itself_refuses_a_balance_that_cannot_be",),
    ),
    Guard(
        name="credits or a debt",
        file=PAYMENTS,
        text=",\n  ADD CONSTRAINT users_credits_or_debt CHECK (credits = 0 OR credit_debt = 0);",
        without=";",
        tests=(f"{GRANTS}::test_postgres_itself_refuses_a_balance_that_cannot_be",),
    ),
    Guard(
        name="the lock before the look",
        file="shared/credits/change_once.py",
        text="    if not repository.lock_balance(tx, user_id):\n        raise NotFound\n",
        without="",
        tests=(f"{CREDITS}::test_whoever_waited_for_the_balance_sees_that_the_same_was_granted_and_does_not_fail",),
    ),
    Guard(
        name="the look before the change",
        file="shared/credits/change_once.py",
        text="reason=reason, ref=ref) is not None:",
        without="reason=reason, ref='') is not None:",
        tests=(f"{CREDITS}::test_the_same_grant_twice_is_granted_once",),
    ),
    Guard(
        name="one trial for each Firebase user",
        file="shared/credits/grant_trial.py",
        text="        return False\n",
        without="        pass\n",
        tests=(f"{CREDITS}::test_an_account_that_was_deleted_and_made_again_gets_no_second_trial",),
    ),
    Guard(
        name="the ledger is only added to",
        file=FOUNDATION,
        text="GRANT SELECT, INSERT ON credit_ledger,",
        without="GRANT SELECT, INSERT, UPDATE, DELETE ON credit_ledger,",
        tests=(f"{GRANTS}::test_a_role_of_ours_may_read_the_ledger_and_add_to_it_no_more",),
    ),
    Guard(
        name="one finalize at a time",
        file="shared/sessions/repository.py",
        text="s.id = %(id)s FOR UPDATE",
        without="s.id = %(id)s",
        tests=(f"{FINALIZE}::test_two_hundred_finalizes_at_once_debit_once_and_answer_alike",),
    ),
    Guard(
        name="what was never sent is sent by the sweep",
        file="shared/outbox/publish_overdue.py",
        text="    if overdue:\n",
        without="    if overdue is None:\n",
        tests=(f"{KILLS}::test_a_finalize_that_dies_anywhere_happened_once_or_not_at_all[False-2-queues1-False]",),
    ),
    Guard(
        name="a message is marked as sent after it was",
        file="shared/outbox/publish_announced.py",
        text="    sent, failure = send_all(queue, announcements)\n    try:",
        without="    sent, failure = list(announcements), None\n    try:",
        tests=(f"{KILLS}::test_a_finalize_that_dies_anywhere_happened_once_or_not_at_all[False-2-queues1-False]",),
    ),
    Guard(
        name="changes are numbered at commit",
        file=SYNC,
        text="      ' DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN",
        without="      ' FOR EACH ROW WHEN",
        tests=(f"{FEED_ORDER}::test_a_transaction_that_is_still_at_work_keeps_nobody_waiting_and_is_not_skipped",),
    ),
    Guard(
        name="a number is nobody else's until it is seen",
        file=SYNC,
        text="    UPDATE change_counters\n    SET last_seq = last_seq + 1\n    WHERE user_id = thing.user_id\n"
        "    RETURNING last_seq INTO number;",
        without="    SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint INTO number;",
        tests=(f"{FEED_ORDER}::test_whoever_commits_second_is_seen_second",),
    ),
    Guard(
        name="place and body of one moment",
        file="shared/sync/read_changes.py",
        text="db.transaction(user_id, is_snapshot=True)",
        without="db.transaction(user_id)",
        tests=(f"{FEED_ORDER}::test_a_body_is_neither_older_nor_newer_than_its_place_in_the_feed",),
    ),
    Guard(
        name="a cursor of this numbering",
        file="shared/sync/model.py",
        text="after.feed_id != feed.id or ",
        without="",
        tests=(f"{FEED}::test_a_position_in_another_numbering_is_refused",),
    ),
    Guard(
        name="no edit over an unseen one",
        file="shared/sessions/refuse_stale.py",
        text="base_version != current.version",
        without="base_version > current.version",
        tests=(f"{EDITS}::test_of_all_who_edit_the_same_version_at_once_exactly_one_wins",),
    ),
    Guard(
        name="the webhook's signature",
        file="shared/payments/stripe_signature.py",
        text="if not payload or read is None or not any(_is_signed(payload, read, secret) for secret in secrets):",
        without="if not payload or read is None:",
        tests=(f"{WEBHOOK}::test_what_is_not_signed_so_is_refused",),
    ),
    Guard(
        name="the webhook checks at all",
        file="functions/api/stripe_webhook/routes.py",
        text="        check_signature(request.body, ",
        without="        (lambda *_, **__: None)(request.body, ",
        tests=(f"{WEBHOOK}::test_what_is_not_signed_so_is_refused",),
    ),
    Guard(
        name="the webhook's age",
        file="shared/payments/stripe_signature.py",
        text="if not now - MAX_AGE_SECONDS <= read.seconds",
        without="if not 0 <= read.seconds",
        tests=(f"{WEBHOOK}::test_what_is_not_signed_so_is_refused",),
    ),
    Guard(
        name="no webhook of the future",
        file="shared/payments/stripe_signature.py",
        text="<= read.seconds <= now + MAX_AHEAD_SECONDS",
        without="<= read.seconds",
        tests=(f"{WEBHOOK}::test_what_is_not_signed_so_is_refused",),
    ),
    Guard(
        name="a phone that has a push is left alone",
        file="shared/notifications/model.py",
        text=" if device.id not in told]",
        without="]",
        tests=(f"{PUSHES}::test_of_three_phones_the_gone_one_is_forgotten_and_the_failing_one_alone_is_tried_again",),
    ),
    Guard(
        name="one worker for a push",
        file="shared/notifications/repository.py",
        text=" AND state = 'pending' AND due_at <= now()",
        without="",
        tests=("tests/integration/test_push_races.py::test_two_workers_with_copies_of_one_message_push_once",),
    ),
    Guard(
        name="a token goes only while it is the device's",
        file="shared/identity/repository.py",
        text="DELETE FROM devices WHERE user_id = %(user_id)s AND fcm_token = %(fcm_token)s",
        without="DELETE FROM devices WHERE user_id = %(user_id)s",
        tests=(f"{PUSHES}::test_a_token_that_was_replaced_while_the_vendor_called_it_gone_is_kept_and_used",),
    ),
    Guard(
        name="a choice is asked for",
        file="shared/notifications/model.py",
        text="if not wanted[notification.kind]:",
        without="if not wanted:",
        tests=(f"{PUSHES}::test_what_is_muted_when_it_is_sent_is_not_sent",),
    ),
    Guard(
        name="the fencing token of a step",
        file=STEPS,
        text="THEN now() END\n        WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'running' "
        "AND lease_token = %(lease_token)s",
        without="THEN now() END\n        WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'running'",
        tests=(f"{REPEATS}::test_a_worker_that_lost_its_lease_writes_only_what_its_call_cost",),
    ),
    Guard(
        name="one worker for a step at a time",
        file=STEPS,
        text="OR (s.state = 'running' AND s.lease_until < now()))\n            RETURNING",
        without="OR (s.state = 'running'))\n            RETURNING",
        tests=(f"{REPEATS}::test_a_message_for_a_step_another_worker_holds_is_forgotten",),
    ),
    Guard(
        name="money set aside for the worker that took over",
        file="shared/enrichment/write_off.py",
        text="if not _is_anothers(tx, step):",
        without="if True:",
        tests=(f"{REPEATS}::test_a_worker_that_lost_its_lease_writes_only_what_its_call_cost",),
    ),
    Guard(
        name="no credit back for what was paid for",
        file="shared/sessions/delete_session.py",
        text="step.attempts or step.id in paid_for",
        without="step.attempts",
        tests=(f"{SPACES}::test_a_note_that_is_deleted_before_it_is_embedded_again_was_paid_for",),
    ),
    Guard(
        name="what one sweep sends another leaves alone",
        file="shared/outbox/repository.py",
        text="                AND (claimed_at IS NULL OR claimed_at < now() - %(claim_for)s)\n",
        without="",
        tests=(f"{OUTBOX}::test_what_one_sweep_is_sending_another_leaves_alone",),
    ),
    Guard(
        name="what is being sent is not taken back",
        file="shared/outbox/repository.py",
        text=" AND o.claimed_at IS NULL",
        without="",
        tests=(f"{OUTBOX}::test_what_is_due_later_waits_for_nobody_until_then_and_can_be_taken_back_until_it_is_sent",),
    ),
    Guard(
        name="parts that are being discarded are not kept",
        file="shared/enrichment/split_recording.py",
        text="    if not take_back(tx, split.foreseen):\n",
        without="    if take_back(tx, split.foreseen) is None:\n",
        tests=(f"{FORESEEN}::test_parts_that_are_being_discarded_are_never_kept_but_cut_again",),
    ),
    Guard(
        name="an event of the inbox is taken once",
        file="shared/inbox/repository.py",
        text="WHERE inbox.state = 'ignored' AND inbox.attempts = 0 AND excluded.state = 'received'",
        without="",
        tests=(f"{INBOX}::test_a_copy_of_an_event_that_was_tried_changes_nothing",),
    ),
    Guard(
        name="the bytes that are read are the ones that were uploaded",
        file="shared/enrichment/media_to_read.py",
        text="etag=media.etag, to=file",
        without="etag=None, to=file",
        tests=(f"{FAILURES}::test_bytes_that_were_replaced_after_the_upload_are_not_read",),
    ),
]

ALL_GUARDS = [*GUARDS, *EDGE_GUARDS]


@pytest.fixture(scope="module")
def copy(postgres: Postgres) -> Iterator[Copy]:
    with copy_of_the_tree(postgres) as the_copy:
        yield the_copy


@pytest.mark.parametrize("guard", ALL_GUARDS, ids=[guard.name for guard in ALL_GUARDS])
def test_without_this_guard_a_test_fails(guard: Guard, copy: Copy) -> None:
    run = copy.unguarded(guard)
    assert run.has_failed_tests, run.output


def test_with_every_guard_in_place_the_same_tests_pass(copy: Copy) -> None:
    """After all the others, in what they shared: none of them left anything behind that makes a test fail."""
    run = copy.guarded(sorted({test for guard in ALL_GUARDS for test in guard.tests}))
    assert run.status == 0, run.output
