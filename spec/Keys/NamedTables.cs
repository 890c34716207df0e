using Sessiond.Spec.Decoding;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Keys;

/// <summary>The arrays of tables. One wrong table takes only itself away.</summary>
internal static class NamedTables
{
    public static readonly SpecType<ValueList<SessionDraft>> Sessions = ArrayOf(SessionKeys.Session, ReadSession);

    public static readonly SpecType<ValueList<HookDraft>> Hooks = ArrayOf(HookKeys.LongHook, ReadHook);

    private static Parsed<SessionDraft> ReadSession(TomlTable table, Reading reading)
    {
        int errors = reading.Errors.Count;
        SessionSpec session = SessionKeys.Session.Read(table, new SessionSpec { Name = "" }, reading);
        SpecError? error = table.FirstDamage() ?? (reading.Errors.Count > errors ? reading.Errors[errors] : null);
        if (error is null) return new SessionDraft(session, table);
        if (session.Name.Length > 0) reading.BrokenSessions.TryAdd(session.Name, error.ToString());
        return default(Refused);
    }

    private static Parsed<HookDraft> ReadHook(TomlTable table, Reading reading)
    {
        int errors = reading.Errors.Count;
        HookDraft hook = HookKeys.LongHook.Read(table, new HookDraft { Table = table }, reading);
        if (reading.Errors.Count == errors && table.FirstDamage() is null) return hook;
        if (hook.Name is not null) reading.BrokenHooks.Add(hook.Name);
        return default(Refused);
    }

    private static SpecType<ValueList<T>> ArrayOf<T>(SpecTable keys, Func<TomlTable, Reading, Parsed<T>> read) => new(
        "array of tables",
        (value, reading) =>
        {
            if (value is not TomlArray array) return reading.FailType(value, $"an array of tables, as [[{keys.Name.Trim('[', ']')}]] makes it");
            var items = new List<T>(array.Items.Count);
            for (int i = 0; i < array.Items.Count; i++)
            {
                TomlValue item = array.Items[i];
                string name = item is TomlTable named && named.TryGet("name", out TomlString? text) ? SpecText.Printable(text.Value) : $"#{i + 1}";
                Parsed<T> parsed = reading.Within(name, () => item is TomlTable table ? read(table, reading) : reading.FailType(item, "a table"));
                if (parsed.TryGet(out T? result)) items.Add(result);
            }

            return new ValueList<T>([.. items]);
        },
        json =>
        {
            json.WriteString("type", "array");
            json.WriteStartObject("items");
            keys.WriteSchema(json);
            json.WriteEndObject();
        });
}
