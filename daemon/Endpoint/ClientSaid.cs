using Microsoft.AspNetCore.Http;
using Sessiond.Daemon.Sessions;
using Sessiond.Daemon.Transport;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Endpoint;

/// <summary>
/// A client's own variables, believed only of a process on this machine that the kernel knows to be the session's own user: paths that come over a network, or from somebody whose
/// sockets that user cannot open, are no use and no business of the session's.
/// </summary>
internal static class ClientSaid
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>What a request says; empty where it is not believed.</summary>
    internal static IReadOnlyDictionary<string, string> Of(HttpContext http, Session session)
    {
        PeerCredentials? peer = http.Features.Get<LoopConnection>()?.Peer;
        return peer?.Uid == session.Definition.User.Uid ? ClientVariables.Decode(http.Request.Headers[ClientVariables.Header].ToString()) : Nothing;
    }
}
