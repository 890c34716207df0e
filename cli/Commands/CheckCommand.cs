using System.CommandLine;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;
using Sessiond.Spec;

namespace Sessiond.Cli.Commands;

/// <summary><c>check [FILE] [--explain] [--schema]</c>.</summary>
internal static class CheckCommand
{
    public static Command Create(CliContext context)
    {
        var file = new Argument<string?>("FILE") { Description = "The spec; without it, the layers of this machine", Arity = ArgumentArity.ZeroOrOne };
        var explain = new Option<bool>("--explain") { Description = "Say what each layer contributes, and what a stronger one replaces" };
        var schema = new Option<bool>("--schema") { Description = "Print the JSON schema of the format instead, for editors" };
        var command = new Command("check", "Validate a spec: FILE:LINE:COL: message, one a line") { file, explain, schema };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(schema)) return PrintSchema(context.Output);
            SpecResult result = parsed.GetValue(file) is { } path ? SpecLoader.Load(path) : SpecLoader.LoadLayers(new SpecLayers());
            if (parsed.GetValue(explain)) Explain(context.Output, result);
            foreach (SpecError error in result.Errors) context.Output.Out.WriteLine(SafeText.Of(error.ToString()));
            foreach (SpecError warning in result.Warnings)
            {
                SpecError marked = warning with { Message = $"warning: {warning.Message}" };
                context.Output.Error.WriteLine(SafeText.Of(marked.ToString()));
            }

            return result.Errors.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Explain(CliOutput output, SpecResult result)
    {
        if (result.Files.Count == 0) output.Out.WriteLine("no layer: the spec of defaults counts");
        IEnumerable<IGrouping<string, SpecContribution>> layers = result.Contributions.GroupBy(item => item.Place.File);
        foreach (string file in result.Files.Where(file => result.Contributions.All(item => item.Place.File != file))) output.Out.WriteLine(SafeText.Of($"{file}: says nothing"));
        foreach (IGrouping<string, SpecContribution> layer in layers)
        {
            output.Out.WriteLine(SafeText.Of($"{layer.Key}:"));
            foreach (SpecContribution item in layer) output.Out.WriteLine(SafeText.Of($"  {item.Place.Line}: {item.Place.Message}{Fate(item)}"));
        }
    }

    private static string Fate(SpecContribution item)
    {
        if (item.IsAdded) return "";
        return item.Override is { } other ? $"   (replaced by {other.File}:{other.Line})" : "";
    }

    private static int PrintSchema(CliOutput output)
    {
        using var bytes = new MemoryStream();
        SpecSchema.WriteJson(bytes);
        output.Out.WriteLine(System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
        return ExitCode.Done;
    }
}
