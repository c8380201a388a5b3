# Issue 5: the store takes nothing when a message fails: it stays there, fails
# again later, and its sender hears of it then.
config
	queue: {retry: [5s, 30s]}
	replies: {next_hop: "sip:192.0.2.11:5060"}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
store breaks
sip answers m1 404
m1 ends 404 permanent wire
xmpp hears of a failure 404
store works
store holds 1
pass 31s
sip answers m1 404
xmpp hears of a failure 404
xmpp answers failure-of-m1 202
xmpp confirms failure-of-m1
store holds 0
