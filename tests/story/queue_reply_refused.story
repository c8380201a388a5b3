# A final of the phone's side is the answer, at once and once: an error that is
# in the store before the message leaves it, until the server has taken it.
config
	queue: {retry: [5s, 30s]}
	replies: {next_hop: "sip:192.0.2.11:5060"}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
sip answers m1 486
m1 ends 486 temporary wire
xmpp hears of a failure 486
store holds 1
xmpp tries failure-of-m1 at alice@im.example/r1
xmpp answers failure-of-m1 202
store holds 1
xmpp confirms failure-of-m1
store holds 0
