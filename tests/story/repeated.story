# XMPP-25: what a client sends again is delivered once and is no error; what
# failed is tried again, and after the window it is another message.
config
	replies: {next_hop: "sip:198.51.100.11:5060"}
	limits: {repeat_window: 60s}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1 key k1
sip tries m1 at tel:+12025550199 198.51.100.11 5060 udp
xmpp sends m2 to +12025550199@gw.example.net from alice@im.example/r1 key k1
m2 ends 202 accepted
sip answers m1 200
m1 ends 200 delivered wire
pass 59s
xmpp sends m3 to +12025550199@gw.example.net from alice@im.example/r1 key k1
m3 ends 202 accepted
pass 2s
xmpp sends m4 to +12025550199@gw.example.net from alice@im.example/r1 key k1
sip answers m4 480
m4 ends 480 temporary wire
xmpp sends m5 to +12025550199@gw.example.net from alice@im.example/r1 key k1
sip answers m5 200
m5 ends 200 delivered wire
xmpp sends m6 to +12025550199@gw.example.net from alice@im.example/r1 key k2
sip answers m6 200
m6 ends 200 delivered wire
