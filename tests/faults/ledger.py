"""What was sent against what has arrived."""
from collections import Counter, defaultdict

DELAY = "{urn:xmpp:delay}delay"


class Ledger:
    """@param sent      of sender.Sender
    @param arrivals  in the order of each recipient"""

    def __init__(self, sent, arrivals):
        self.sent, self.arrivals = sent, arrivals
        idents = defaultdict(list)              # body -> stanza ids
        for arrival in arrivals:
            idents[arrival.body].append(arrival.ident)
        accepted = [one for one in sent if one.accepted]
        self.accepted = len(accepted)
        self.lost = [one for one in accepted if one.body not in idents]
        self.strange = len(set(idents) - {one.body for one in sent})
        # the same stanza again: a client knows it by its id
        self.repeated = sum(len(all) - len(set(all))
                            for all in idents.values())
        self.doubled = sum(len(set(all)) - 1 for all in idents.values())
        self.two_ids = [one for one in sent if len(set(idents[one.body])) > 1]
        self.unmarked = self._unmarked()
        self.disordered = self._disordered()
        self.refusals = Counter(code for one in sent
                                for code, _ in one.refusals)

    def _unmarked(self):
        """Repeated stanzas that do not say that they are late."""
        seen, count = set(), 0
        for arrival in self.arrivals:
            count += arrival.ident in seen and not arrival.late
            seen.add(arrival.ident)
        return count

    def _disordered(self):
        """Messages that came before an older one of their conversation."""
        newest, seen, count = {}, set(), 0
        for arrival in self.arrivals:
            if arrival.ident in seen:
                continue
            seen.add(arrival.ident)
            pair, index = (arrival.sender, arrival.to), int(arrival.body[:6])
            count += newest.get(pair, -1) > index
            newest[pair] = max(newest.get(pair, -1), index)
        return count

    def __str__(self):
        refused = ", ".join("%d x %d" % (count, code) for code, count
                            in sorted(self.refusals.items())) or "none"
        return ("%d sent, %d accepted (refused before: %s), %d arrived, "
                "lost %d, twice by one id %d (%d of them not marked late), "
                "twice by two ids %d, out of order %d" % (
                    len(self.sent), self.accepted, refused,
                    len({a.body for a in self.arrivals}), len(self.lost),
                    self.repeated, self.unmarked, self.doubled,
                    self.disordered))

    def assert_kept(self):
        """Nothing lost, nothing twice but what its id tells."""
        assert self.accepted == len(self.sent)
        assert not self.lost, [one.body[:6] for one in self.lost[:10]]
        assert self.strange == 0
        assert self.doubled == 0, [
            (one.body[:6], one.tries, one.unanswered, one.refusals)
            for one in self.two_ids[:10]]
