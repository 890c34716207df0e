namespace Sessiond.Cli.Client;

/// <summary>Reads server-sent events (HTML standard, 9.2.6): fields of a line each, an empty line ends an event.</summary>
internal sealed class EventReader(Stream body) : IDisposable
{
    private readonly StreamReader _lines = new(body);

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<ServerEvent?> ReadAsync(CancellationToken cancellation)
    {
        string? id = null;
        string name = "message";
        var data = new List<string>();
        while (await _lines.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Count > 0) return new ServerEvent(id, name, string.Join("", data));
                name = "message";
                continue;
            }

            (string field, string value) = Split(line);
            switch (field)
            {
                case "id":
                    id = value;
                    break;
                case "event":
                    name = value;
                    break;
                case "data":
                    data.Add(value);
                    break;
            }
        }

        return null;
    }

    public void Dispose() => _lines.Dispose();

    // A line that starts with a colon is a comment: its field has no name.
    private static (string Field, string Value) Split(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return (line, "");
        int start = colon + 1 < line.Length && line[colon + 1] == ' ' ? colon + 2 : colon + 1;
        return (line[..colon], line[start..]);
    }
}
