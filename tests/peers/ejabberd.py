"""ejabberd as the XMPP server, beside or in place of Prosody."""
import json
import secrets

from world import Process, require_free

LIBRARIES = "/usr/lib/x86_64-linux-gnu"     # Debian's folder of its modules


class Ejabberd:
    """One Erlang node that is not distributed, so that neither epmd nor a
    port for other nodes is opened; end it with stop().

    @param folder  empty, for everything that it writes"""

    def __init__(self, folder, c2s, component, users):
        self.folder, self.c2s, self.component = folder, c2s, component
        self.component_secret = secrets.token_hex(16)
        self.passwords = {user: secrets.token_hex(16) for user in users}
        self._process = None

    def start(self):
        require_free([("tcp", "127.0.0.1", port)
                      for port in (self.c2s, self.component)])
        config = self.folder / "ejabberd.yml"
        config.write_text(json.dumps(self._config()))   # JSON is YAML
        # Accounts of an earlier start may be there.
        register = "".join(
            'ejabberd_auth:try_register(<<"%s">>, <<"example.net">>, '
            '<<"%s">>), ' % account for account in self.passwords.items())
        self._process = Process(
            "ejabberd",
            ["erl", "-noinput", "-mnesia", "dir",
             '"%s"' % (self.folder / "spool"), "-s", "ejabberd",
             "-eval", register + 'io:format("users are there~n").'],
            self.folder / "ejabberd.out",
            {"EJABBERD_CONFIG_PATH": str(config),
             "EJABBERD_LOG_PATH": str(self.folder / "ejabberd.log"),
             "ERL_CRASH_DUMP": str(self.folder / "crash.dump"),
             "ERL_LIBS": LIBRARIES, "HOME": str(self.folder)})
        self._process.wait_for(r"(?m)^users are there")

    def stop(self):
        self._process.stop()

    def restart(self):
        self.stop()
        self._process.log.unlink()
        self.start()

    def tail(self):
        return self._process.tail(20)

    def _config(self):
        def listener(port, module, **options):
            return {"port": port, "ip": "127.0.0.1", "module": module,
                    **options}
        return {
            "hosts": ["example.net"], "loglevel": "info",
            "auth_method": "internal", "auth_password_format": "plain",
            "acme": {"auto": False},
            "listen": [
                listener(self.c2s, "ejabberd_c2s"),
                listener(self.component, "ejabberd_service", hosts={
                    "gw.example.net": {"password": self.component_secret}}),
            ],
            "modules": {name: {} for name in (
                "mod_disco", "mod_offline", "mod_ping", "mod_roster")},
        }
