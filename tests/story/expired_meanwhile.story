# SIP-22: the message expires while its number is looked up: nobody gets it.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa DELAY 1500
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example
sip sends m1 to tel:+12025550100 expires 1
pass 2s
m1 ends 480 temporary
