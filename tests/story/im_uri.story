# IM-25: an im: Request-URI needs no ENUM.
zone
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
sip sends m1 to im:alice@im.example
asked _im._sip.im.example/SRV _im._xmpp.im.example/SRV
xmpp tries m1 at alice@im.example
xmpp answers m1 202
m1 ends 202 accepted wire
