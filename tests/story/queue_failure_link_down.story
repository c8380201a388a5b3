# Issue 5: a sender whose link is down when his message fails hears of it when
# it is up again, after a restart too; nothing is sent to the phone for that. An
# error that the server may not have taken is sent again.
config
	queue: {retry: [5s, 30s]}
	replies: {next_hop: "sip:192.0.2.11:5060"}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
xmpp is down
sip answers m1 404
m1 ends 404 permanent wire
xmpp tries failure-of-m1 at alice@im.example/r1
xmpp fails failure-of-m1 504
store holds 1
restart
xmpp is down
pass 60s
store holds 1
xmpp is up
xmpp tries failure-of-m1 at alice@im.example/r1
xmpp answers failure-of-m1 202
xmpp loses failure-of-m1
xmpp tries failure-of-m1 at alice@im.example/r1
xmpp answers failure-of-m1 202
xmpp confirms failure-of-m1
store holds 0
xmpp hears of a failure 404
