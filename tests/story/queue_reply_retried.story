# XMPP to SIP: stored on arrival; silence is retried at the times of
# queue.retry, and the next message of the conversation waits for the first.
config
	queue: {retry: [5s, 30s]}
	replies: {next_hop: "sip:192.0.2.11:5060"}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
store holds 1
xmpp sends m2 to +12025550199@gw.example.net from alice@im.example/r1
m2 ends 202 accepted
xmpp sends m3 to +12025550199@gw.example.net from bob@im.example/r1
sip tries m1 at tel:+12025550199 192.0.2.11 5060 udp
sip tries m3 at tel:+12025550199
sip answers m3 200
m3 ends 200 delivered wire
sip fails m1 504
m1 ends 202 accepted
store holds 2
pass 8s
sip tries m1 at tel:+12025550199
sip answers m1 200
sip tries m2 at tel:+12025550199
sip answers m2 200
store holds 0
