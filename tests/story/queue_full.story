# queue.max: what waits may not fill the disk; new messages are refused at once,
# and taken again as soon as there is room.
config
	queue: {max: 2, retry: [30s]}
	replies: {next_hop: "sip:192.0.2.11:5060"}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
sip fails m1 504
m1 ends 202 accepted
xmpp sends m2 to +12025550199@gw.example.net from alice@im.example/r1
m2 ends 202 accepted
xmpp sends m3 to +12025550198@gw.example.net from bob@im.example/r1
m3 ends 500 temporary retry-after
pass 40s
sip answers m1 200
sip answers m2 200
xmpp sends m4 to +12025550198@gw.example.net from bob@im.example/r1
sip answers m4 200
m4 ends 200 delivered wire
store holds 0
