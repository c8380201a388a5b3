# MAP-6: an XMPP user writes to a number: no ENUM, the next hop for replies.
config
	replies: {next_hop: "sip:198.51.100.11:5060"}
xmpp sends m1 to +12025550199@gw.example.net from alice@im.example/r1
asked nothing
sip tries m1 at tel:+12025550199 198.51.100.11 5060 udp
sip answers m1 200
m1 ends 200 delivered wire
