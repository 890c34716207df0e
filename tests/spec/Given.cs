using System.Text;

namespace Sessiond.Spec.Tests;

/// <summary>Loads specs that are written in a test.</summary>
internal static class Given
{
    /// <summary>A spec of these lines, below its schema in line 1, as the file <c>s.toml</c>.</summary>
    public static SpecResult Spec(string lines, SpecLoaderOptions? options = null) => File("schema = 1\n" + lines, options);

    /// <summary>The same without any line added.</summary>
    public static SpecResult File(string text, SpecLoaderOptions? options = null) =>
        SpecLoader.Parse(Encoding.UTF8.GetBytes(text), "s.toml", options);

    /// <summary>The only error of a spec, as it is printed.</summary>
    public static string OnlyError(string lines, SpecLoaderOptions? options = null) => Assert.Single(Spec(lines, options).Errors).ToString();
}
