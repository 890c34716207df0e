namespace Sessiond.Daemon.Endpoint;

/// <summary>A request that is answered with a problem: the client's to mend.</summary>
/// <param name="status">HTTP status code.</param>
/// <param name="title">The kind of problem.</param>
/// <param name="detail">What is wrong here, and what to do.</param>
internal sealed class RequestException(int status, string title, string detail) : Exception(detail)
{
    internal int Status => status;

    internal string Title => title;
}
