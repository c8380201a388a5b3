# Issue 5, RFC 7247, 7: what a SIP hop answers to a message from XMPP is its error
# (queue_reply_refused.story), but with queue.hold: [sip] a temporary one is waited
# out; a permanent one is not.
config
	queue: {hold: [xmpp, sip], retry: [5s, 30s]}
	replies: {next_hop: "sip:192.0.2.11:5060"}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
sip answers m1 480
m1 ends 202 accepted
store holds 1
pass 8s
sip answers m1 404
xmpp hears of a failure 404
xmpp answers failure-of-m1 202
xmpp confirms failure-of-m1
store holds 0
