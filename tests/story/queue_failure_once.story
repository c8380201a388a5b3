# Issue 5: the process ends when the error is in the store and the message that
# failed is, too. It fails again, and what tells of it is known by its key.
config
	queue: {retry: [5s, 30s]}
	replies: {next_hop: "sip:192.0.2.11:5060"}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
store takes 1s
sip answers m1 404
m1 ends 404 permanent wire
xmpp hears of a failure 404
restart
store takes 0s
store holds 2
pass 1s
xmpp answers failure-of-m1 202
xmpp confirms failure-of-m1
sip answers m1 404
xmpp hears of a failure 404
store holds 0
