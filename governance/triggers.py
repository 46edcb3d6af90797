"""What the database itself refuses, whatever the program above it does.

Closing time is checked by the clock of the database at the moment of the ballot, so it needs no job to come by.
A vote that was entered after it was over (votes taken over from paper, the demonstration's past) is known by
`opening_recorded_at`, which only the database writes; its ballots are held to the time they bear.
"""

import re

import pgtrigger

BEFORE_EACH = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


def _guard(name: str, func: str, *, operation: pgtrigger.Operation, **declare: str) -> pgtrigger.Trigger:
    """A trigger; `REFUSE 'why';` in it reaches Django as an IntegrityError."""
    func = re.sub(r"REFUSE ('[^']*');", r"RAISE EXCEPTION \1 USING ERRCODE = 'check_violation';", func)
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=operation, func=func, declare=list(declare.items())
    )


PROPOSAL = _guard(
    "a_vote_only_moves_forward",
    """
    IF TG_OP = 'DELETE' THEN REFUSE 'proposals are kept'; END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN REFUSE 'a proposal begins as a draft'; END IF;
        RETURN NEW;
    END IF;
    NEW.opening_recorded_at := OLD.opening_recorded_at;
    IF NEW.state = 'voting' AND OLD.state <> 'voting' THEN
        IF OLD.state <> 'noticed' THEN REFUSE 'a vote opens once, after notice'; END IF;
        NEW.opening_recorded_at := clock_timestamp();
    END IF;
    IF NEW.state IN ('passed', 'failed', 'no_decision') AND OLD.state <> NEW.state AND NOT EXISTS (
        SELECT FROM governance_count c WHERE c.proposal_id = NEW.id AND c.outcome = NEW.state AND OLD.state = 'counting'
    ) THEN REFUSE 'only a count decides'; END IF;
    IF NEW.state = 'enacted' AND OLD.state NOT IN ('passed', 'enacted') THEN
        REFUSE 'only what passed takes effect';
    END IF;
    IF OLD.state IN ('draft', 'discussing') THEN RETURN NEW; END IF;
    IF NEW.state IN ('draft', 'discussing') THEN REFUSE 'notice is not taken back'; END IF;
    IF ROW(NEW.title, NEW.text, NEW.kind, NEW.author_id, NEW.wanted_on, NEW.noticed_at)
        IS DISTINCT FROM ROW(OLD.title, OLD.text, OLD.kind, OLD.author_id, OLD.wanted_on, OLD.noticed_at)
    THEN REFUSE 'the words are frozen at notice'; END IF;
    IF OLD.state = 'noticed' THEN RETURN NEW; END IF;
    IF NEW.state = 'noticed' THEN REFUSE 'a vote opens once'; END IF;
    IF NEW.opens_at <> OLD.opens_at OR NEW.closes_at > OLD.closes_at THEN
        REFUSE 'an open vote never closes later than it said';
    END IF;
    RETURN NEW;
    """,
    operation=BEFORE_EACH,
)

WORDS = _guard(
    "words_are_frozen_at_notice",
    """
    SELECT p.state INTO now_is FROM governance_proposal p
        WHERE p.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.proposal_id ELSE NEW.proposal_id END FOR SHARE;
    IF now_is IS DISTINCT FROM 'draft' AND now_is IS DISTINCT FROM 'discussing' THEN
        REFUSE 'the words are frozen at notice';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
    """,
    operation=BEFORE_EACH,
    now_is="text",
)

ROLL = _guard(
    "the_roll_is_frozen_at_opening",
    """
    SELECT p.state INTO now_is FROM governance_proposal p
        WHERE p.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.proposal_id ELSE NEW.proposal_id END FOR SHARE;
    IF TG_OP = 'UPDATE' THEN
        IF ROW(NEW.id, NEW.proposal_id, NEW.member_id) <> ROW(OLD.id, OLD.proposal_id, OLD.member_id)
            OR (OLD.voted AND NOT NEW.voted) OR now_is IS DISTINCT FROM 'voting'
        THEN REFUSE 'the roll is frozen'; END IF;
        RETURN NEW;
    END IF;
    IF now_is IS DISTINCT FROM 'discussing' AND now_is IS DISTINCT FROM 'noticed' THEN
        REFUSE 'the roll is frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.voted THEN REFUSE 'nobody has voted yet'; END IF;
    RETURN NEW;
    """,
    operation=BEFORE_EACH,
    now_is="text",
)

BALLOT = _guard(
    "a_ballot_is_cast_while_the_vote_is_open",
    """
    IF TG_OP = 'DELETE' THEN REFUSE 'ballots are kept'; END IF;
    IF TG_OP = 'UPDATE' AND NEW.elector_id <> OLD.elector_id THEN REFUSE 'a ballot stays with its elector'; END IF;
    SELECT p.* INTO vote FROM governance_proposal p JOIN governance_elector e ON e.proposal_id = p.id
        WHERE e.id = NEW.elector_id FOR SHARE OF p;
    IF vote.state IS DISTINCT FROM 'voting' OR NEW.cast_at < vote.opens_at OR NEW.cast_at >= vote.closes_at
        OR (clock_timestamp() >= vote.closes_at AND vote.opening_recorded_at < vote.closes_at)
    THEN REFUSE 'this vote is not open'; END IF;
    RETURN NEW;
    """,
    operation=BEFORE_EACH,
    vote="governance_proposal%ROWTYPE",
)

COUNT = _guard(
    "a_count_is_of_the_ballots",
    """
    IF NOT EXISTS (SELECT FROM governance_proposal p WHERE p.id = NEW.proposal_id AND p.state = 'counting')
        OR ROW(NEW.electors, NEW.yes + NEW.no + NEW.abstain, NEW.yes, NEW.no, NEW.abstain) <> (
            SELECT count(*), count(*) FILTER (WHERE e.voted),
                count(*) FILTER (WHERE b.choice = 'yes'),
                count(*) FILTER (WHERE b.choice = 'no'),
                count(*) FILTER (WHERE b.choice = 'abstain')
            FROM governance_elector e LEFT JOIN governance_ballot b ON b.elector_id = e.id
            WHERE e.proposal_id = NEW.proposal_id)
    THEN REFUSE 'a count is of the ballots'; END IF;
    RETURN NEW;
    """,
    operation=pgtrigger.Insert,
)
