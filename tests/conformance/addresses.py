"""Where everything of the test bed stands. Loopback only."""

NET = "127.0.9"
SIP_PORT = 5060             # cases depend on SIP's default port

GATEWAY = (NET + ".2", SIP_PORT)
GATEWAY_DOMAIN = "gw.example.net"
U1 = (NET + ".11", SIP_PORT)        # trusted proxy, next hop of replies
U2 = (NET + ".12", SIP_PORT)        # a stranger
U3 = (NET + ".13", SIP_PORT)        # admitted but not believed, where set
S1 = (NET + ".21", SIP_PORT)        # SIP servers
S2 = (NET + ".22", SIP_PORT)
HEALTH = (NET + ".24", SIP_PORT)    # where the health check's number leads
DEAD = (NET + ".29", SIP_PORT)      # nobody listens
DNS = (NET + ".53", 15353)
X1 = (NET + ".31", 15347)           # the XMPP server
SECRET = "test"
USER, PASSWORD = "bob", "zanzibar"    # of digest authentication

NUMBER = "+12025550100"             # "Z" in zone lines
CALLER = "+12025550199"
