using System.Text.Json.Nodes;

namespace Grains.Interfaces.Model;

/// <summary>A setting that two recipes do not share.</summary>
/// <param name="Setting">The path of the setting, such as configuration.optimizer.learning_rate.</param>
/// <param name="One">The value as JSON; null where the setting does not act.</param>
/// <param name="Other">The value in the other recipe, in the same form.</param>
public sealed record RecipeDifference(string Setting, string? One, string? Other)
{
    /// <summary>The differences by path, in ordinal order; empty for equal recipes.</summary>
    public static IReadOnlyList<RecipeDifference> Of(string one, string other)
    {
        var (a, b) = (Leaves(one), Leaves(other));
        return [.. a.Keys.Union(b.Keys).Order(StringComparer.Ordinal)
            .Select(path => new RecipeDifference(path, a.GetValueOrDefault(path), b.GetValueOrDefault(path)))
            .Where(d => d.One != d.Other)];
    }

    private static Dictionary<string, string> Leaves(string json)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        Collect(JsonNode.Parse(json)!, "", leaves);
        return leaves;
    }

    // A list is one value: [300, 150] differs from [300] as a whole.
    private static void Collect(JsonNode? node, string path, Dictionary<string, string> leaves)
    {
        if (node is JsonObject o)
        {
            foreach (var (key, value) in o) Collect(value, path.Length == 0 ? key : $"{path}.{key}", leaves);
        }
        else
        {
            leaves[path] = node?.ToJsonString() ?? "null";
        }
    }
}
