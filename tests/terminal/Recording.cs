using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Sessiond.Terminal.Tests;

/// <summary>What a real program printed, read by read (recordings/record.py).</summary>
internal sealed class Recording
{
    private Recording(string name, int columns, int rows, List<byte[]> reads) => (Name, Columns, Rows, Reads) = (name, columns, rows, reads);

    public string Name { get; }

    public int Columns { get; }

    public int Rows { get; }

    public List<byte[]> Reads { get; }

    public static string Folder => Path.Combine(TestFiles.Folder, "recordings");

    public static IEnumerable<string> Names =>
        Directory.GetFiles(Folder, "*.rec.gz").Select(static path => Path.GetFileName(path)[..^".rec.gz".Length]).Order(StringComparer.Ordinal);

    public byte[] Whole() => [.. Reads.SelectMany(static read => read)];

    public static Recording Read(string name)
    {
        using var gzip = new GZipStream(File.OpenRead(Path.Combine(Folder, name + ".rec.gz")), CompressionMode.Decompress);
        var memory = new MemoryStream();
        gzip.CopyTo(memory);
        ReadOnlySpan<byte> bytes = memory.ToArray();
        int line = bytes.IndexOf((byte)'\n');
        JsonNode header = JsonNode.Parse(bytes[..line])!;
        bytes = bytes[(line + 1)..];
        List<byte[]> reads = [];
        while (!bytes.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(bytes);
            reads.Add(bytes.Slice(4, length).ToArray());
            bytes = bytes[(4 + length)..];
        }

        return new Recording(name, (int)header["cols"]!, (int)header["rows"]!, reads);
    }
}
