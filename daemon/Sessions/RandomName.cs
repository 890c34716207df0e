namespace Sessiond.Daemon.Sessions;

/// <summary>Readable random names.</summary>
internal static class RandomName
{
    private static readonly string[] First =
    [
        "amber", "brave", "brisk", "calm", "clear", "clever", "cosy", "deft", "eager", "early", "fair", "fleet", "fresh", "gentle", "glad",
        "golden", "happy", "keen", "kind", "light", "lively", "lucky", "mellow", "merry", "mild", "neat", "noble", "patient", "plain", "proud",
        "quick", "quiet", "rapid", "ready", "rosy", "silent", "silver", "snug", "solid", "sunny", "swift", "tidy", "warm", "wise",
    ];

    private static readonly string[] Second =
    [
        "alder", "badger", "beech", "birch", "brook", "cedar", "cliff", "cloud", "comet", "coral", "crane", "dune", "falcon", "fern", "finch",
        "fjord", "grove", "harbor", "heron", "island", "lagoon", "lark", "maple", "meadow", "moon", "oak", "otter", "owl", "pebble", "pine",
        "plover", "quartz", "raven", "reef", "river", "robin", "sparrow", "spruce", "stone", "swan", "tern", "valley", "willow", "wren",
    ];

    /// <summary>Two words and, after a few tries, a number: <c>quiet-otter</c>.</summary>
    internal static string Make(Func<string, bool> isTaken)
    {
        for (int attempt = 0; ; attempt++)
        {
            string name = $"{Random.Shared.GetItems(First, 1)[0]}-{Random.Shared.GetItems(Second, 1)[0]}";
            if (attempt >= 3) name += $"-{Random.Shared.Next(2, 100 + attempt * 100)}";
            if (!isTaken(name)) return name;
        }
    }
}
