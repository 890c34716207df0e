using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sessiond.Spec.Api;

/// <summary>Reads and writes a <see cref="Command"/> as a string or an array of strings.</summary>
public sealed class CommandJsonConverter : JsonConverter<Command>
{
    /// <inheritdoc/>
    public override Command Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return Command.FromShell(reader.GetString()!);
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("a command is a string or an array of strings");
        var argv = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String) throw new JsonException("a command is a string or an array of strings");
            argv.Add(reader.GetString()!);
        }

        if (argv.Count == 0) throw new JsonException("a command needs a program");
        return Command.FromArgv(argv);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Command value, JsonSerializerOptions options)
    {
        if (value.Shell is not null)
        {
            writer.WriteStringValue(value.Shell);
            return;
        }

        writer.WriteStartArray();
        foreach (string argument in value.Argv!) writer.WriteStringValue(argument);
        writer.WriteEndArray();
    }
}
