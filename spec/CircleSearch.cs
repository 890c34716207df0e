namespace Sessiond.Spec;

/// <summary>Walks a graph depth first, in linear time and without recursion.</summary>
internal sealed class CircleSearch
{
    private readonly Dictionary<string, List<string>> _edges;
    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _finished = new(StringComparer.Ordinal);
    private readonly List<IReadOnlyList<string>> _circles = [];
    private readonly List<string> _order = [];

    /// <summary>Searches the whole graph.</summary>
    /// <param name="edges">To each node those that it waits for; nodes without an entry wait for nothing.</param>
    public CircleSearch(Dictionary<string, List<string>> edges)
    {
        _edges = edges;
        foreach (string node in edges.Keys) Walk(node);
    }

    /// <summary>Circles, each with its nodes in the order of waiting. Of those that close at one node, only the first.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Circles => _circles;

    /// <summary>All nodes; without circles, each stands behind all that it waits for.</summary>
    public IReadOnlyList<string> FinishOrder => _order;

    private void Walk(string start)
    {
        if (_finished.Contains(start)) return;
        var path = new List<(string Node, int Next)> { (start, 0) };
        var onPath = new Dictionary<string, int>(StringComparer.Ordinal) { [start] = 0 };
        while (path.Count > 0)
        {
            (string node, int next) = path[^1];
            List<string> edges = _edges.TryGetValue(node, out List<string>? known) ? known : [];
            if (next == edges.Count)
            {
                path.RemoveAt(path.Count - 1);
                onPath.Remove(node);
                _finished.Add(node);
                _order.Add(node);
                continue;
            }

            path[^1] = (node, next + 1);
            string target = edges[next];
            if (_finished.Contains(target)) continue;
            if (!onPath.TryGetValue(target, out int from))
            {
                onPath[target] = path.Count;
                path.Add((target, 0));
            }
            else if (_closed.Add(target))
            {
                _circles.Add([.. path.Skip(from).Select(step => step.Node)]);
            }
        }
    }
}
