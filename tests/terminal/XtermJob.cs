using System.Text.Json.Nodes;

namespace Sessiond.Terminal.Tests;

/// <summary>What one terminal of the second engine is given: bytes, and changes of size.</summary>
internal sealed class XtermJob(int columns, int rows, int scrollback)
{
    private readonly JsonArray _data = [];

    public XtermJob Feed(ReadOnlySpan<byte> bytes)
    {
        _data.Add(Convert.ToBase64String(bytes));
        return this;
    }

    public XtermJob Resize(int toColumns, int toRows)
    {
        _data.Add(new JsonArray(toColumns, toRows));
        return this;
    }

    /// <summary>Asks for the state at this point too; it comes before that at the end.</summary>
    public XtermJob Show()
    {
        _data.Add(null);
        return this;
    }

    public JsonObject ToJson() => new()
    {
        ["cols"] = columns,
        ["rows"] = rows,
        ["scrollback"] = scrollback,
        ["data"] = _data,
    };
}
