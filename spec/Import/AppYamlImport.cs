using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Import;

/// <summary>The variables of a Quix app.yaml as a layer of the spec: those of inputType Secret are secrets, the others have their default value.</summary>
internal static class AppYamlImport
{
    /// <summary>Name of the file in the app folder.</summary>
    public const string FileName = "app.yaml";

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="file">Its name for messages.</param>
    /// <param name="fail">Takes what is wrong; wrong variables are left out.</param>
    public static TomlTable? Read(string text, string file, Action<SourcePosition, string> fail)
    {
        TomlTable? document = YamlSource.Read(text, file, fail);
        if (document is null) return null;
        var layer = new TomlTable(document.Position, TomlTableOrigin.Header, depth: 0);
        if (!document.TryGet("variables", out TomlEntry variables)) return layer;
        var environment = new TomlTable(variables.Value.Position, TomlTableOrigin.Inline, depth: 1);
        var secrets = new TomlTable(variables.Value.Position, TomlTableOrigin.Inline, depth: 1);
        if (variables.Value is not TomlArray list)
        {
            // An empty value is how YAML writes "none".
            if (variables.Value is not TomlString { Value: "" }) fail(variables.Value.Position, "variables: expected a list");
            return layer;
        }

        foreach (TomlValue item in list.Items)
        {
            if (item is TomlTable table && table.TryGet("name", out TomlString? name)) Add(table, name, environment, secrets);
            else fail(item.Position, "variables: expected a mapping with a name");
        }

        layer.Set(new TomlEntry("env", environment.Position, environment));
        layer.Set(new TomlEntry("secrets", secrets.Position, secrets));
        return layer;
    }

    private static void Add(TomlTable variable, TomlString name, TomlTable environment, TomlTable secrets)
    {
        TomlString? value = variable.TryGet("defaultValue", out TomlString? given) && given.Value.Length > 0 ? given : null;
        if (!variable.TryGet("inputType", out TomlString? type) || type.Value != "Secret")
        {
            // A variable without a default waits for its deployment's value; nothing is set here.
            if (value is not null) environment.Set(new TomlEntry(name.Value, name.Position, Literal.Of(value.Position, value.Value)));
            return;
        }

        var secret = new TomlTable(name.Position, TomlTableOrigin.Inline, depth: 2);
        secret.Set(new TomlEntry("name", name.Position, value ?? name));
        bool required = variable.TryGet("required", out TomlString? flag) && flag.Value == "true";
        secret.Set(new TomlEntry("required", name.Position, new TomlBoolean(name.Position, required)));
        secrets.Set(new TomlEntry(name.Value, name.Position, secret));
    }
}
