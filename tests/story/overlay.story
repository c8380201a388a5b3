# The operator's overlay is asked before ENUM; the longest prefix wins.
config
	routing: {numbers: [{match: "+1202", to: "im:far@im.example"}, {match: "+1202555", to: "im:near@im.example"}]}
zone
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
sip sends m1 to tel:+12025550100
asked _im._sip.im.example/SRV _im._xmpp.im.example/SRV
xmpp tries m1 at near@im.example
xmpp answers m1 202
m1 ends 202 accepted wire
