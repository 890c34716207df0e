using Sessiond.Spec.Decoding;

namespace Sessiond.Spec.Keys;

/// <summary><c>[daemon]</c> and the tables in it.</summary>
internal static class DaemonKeys
{
    public static readonly SpecTable<TlsSpec> Tls = new SpecTable<TlsSpec>("daemon.tls", "Certificate and key of the TCP listeners, PEM files; a reload reads them anew.")
        .Key("cert", NameTypes.Path, null, "File of the certificate chain.", (tls, path) => tls with { Cert = path })
        .Key("key", NameTypes.Path, null, "File of the private key.", (tls, path) => tls with { Key = path });

    public static readonly SpecTable<OidcSpec> Oidc = new SpecTable<OidcSpec>("daemon.oidc", "An OpenID Connect issuer whose tokens are accepted on TCP.")
        .Key("issuer", NameTypes.HttpUrl, null, "URL of the issuer.", (oidc, url) => oidc with { Issuer = url })
        .Key("audience", SpecTypes.Word, null, "What a token must be for.", (oidc, text) => oidc with { Audience = text })
        .Key("user_claim", SpecTypes.Word, "\"email\"", "Claim that names the user.", (oidc, text) => oidc with { UserClaim = text })
        .Key("admin_role", SpecTypes.Word, "(nobody)", "Role that gives scope `admin`.", (oidc, text) => oidc with { AdminRole = text });

    public static readonly SpecTable<DaemonSpec> Daemon = new SpecTable<DaemonSpec>("daemon", "The endpoint and the daemon's own limits; image and platform layers only.")
        .Key("listen", SpecTypes.ListOf(NameTypes.Listen), "[]", "TCP listeners, e.g. `[\"127.0.0.1:7681\"]`; empty: the Unix socket alone.", (daemon, list) => daemon with { Listen = list })
        .Key("tls", SpecTypes.WholeTable(Tls, new TlsSpec()), "(none)", "Required for a non-loopback listener unless `insecure`.", (daemon, tls) => daemon with { Tls = tls })
        .Key("state_dir", NameTypes.Path, "(`/var/lib/sessiond` for root, else `$XDG_STATE_HOME/sessiond`)", "Persistent: once-markers, logs, saved scrollback.", (daemon, path) => daemon with { StateDir = path })
        .Key("token_file", NameTypes.Expandable, "\"\"", "File with one bearer token, scope `admin`, that a platform injects; more by `sessiond token create`.", (daemon, path) => daemon with { TokenFile = path.Length == 0 ? null : path })
        .Key("allowed_origins", SpecTypes.ListOf(NameTypes.Origin), "[]", "Origins that browsers may come from, exact: `\"https://dash.example.com\"`.", (daemon, list) => daemon with { AllowedOrigins = list })
        .Key("allowed_users", SpecTypes.ListOf(NameTypes.AccountOrId), "[]", "Users that the Unix socket admits beside root, the daemon's own and `defaults.user`.", (daemon, list) => daemon with { AllowedUsers = list })
        .Key("allowed_groups", SpecTypes.ListOf(NameTypes.AccountOrId), "[]", "Groups that the Unix socket admits.", (daemon, list) => daemon with { AllowedGroups = list })
        .Key("run_as", SpecTypes.ListOf(NameTypes.Account), "[]", "Users that workspace layers and `POST /v1/sessions` may name beside `defaults.user`.", (daemon, list) => daemon with { RunAs = list })
        .Key("insecure", SpecTypes.Flag, "false", "true: a non-loopback listener without tls (behind an ingress that has it).", (daemon, flag) => daemon with { Insecure = flag })
        .Key("oidc", SpecTypes.WholeTable(Oidc, new OidcSpec()), "(none)", "Issuer whose tokens are accepted on TCP.", (daemon, oidc) => daemon with { Oidc = oidc })
        .Key("stop_grace", UnitTypes.Duration, "\"25s\"", "Everything ends inside it; must fit terminationGracePeriodSeconds.", (daemon, time) => daemon with { StopGrace = time })
        .Key("max_sessions", SpecTypes.Integer(1, 100_000), "1000", "Sessions at the same time.", (daemon, count) => daemon with { MaxSessions = count });
}
