namespace Sessiond.E2e.Tests.Harness;

/// <summary>A binary to upgrade to that speaks the holder's protocol (docs/holder.md) as far as its last words, and does nothing else.</summary>
internal static class FakeDaemon
{
    /// <summary>Writes the program; needs python3.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="beforeAdopting">What it does, in Python, once it was given everything.</param>
    /// <param name="afterGo">What it does once it was told to go.</param>
    /// <returns>Its path.</returns>
    internal static async Task<string> WriteAsync(string folder, string beforeAdopting, string afterGo)
    {
        string path = Path.Combine(folder, "fake");
        // A message: kind, item, two numbers, payload. Hello 1 with the protocol's version, Item 65, Given 67, Adopted 7 with all ids, Go 75.
        await File.WriteAllTextAsync(path, $"""
            #!/usr/bin/env python3
            import os, socket, struct, time
            holder = socket.socket(fileno=3)
            holder.setblocking(True)
            def say(kind, number, payload):
                holder.send(struct.pack('<Bqii', kind, 0, number, 0) + payload)
            say(1, 2, b'fake')
            items = b''
            while True:
                kind, item = struct.unpack_from('<Bq', holder.recv(1 << 20))
                if kind == 65: items += struct.pack('<q', item)
                if kind == 67: break
            {beforeAdopting}
            say(7, 0, items)
            while holder.recv(1 << 20)[0] != 75: pass
            {afterGo}
            """);
        File.SetUnixFileMode(path, (UnixFileMode)0x1ED);
        return path;
    }
}
