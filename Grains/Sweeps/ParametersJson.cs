using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Grains.Interfaces.Model.Specs;

namespace Grains.Sweeps;

/// <summary>A point's parameters as the journal keeps them: a JSON object.</summary>
public static class ParametersJson
{
    public static string Write(ImmutableSortedDictionary<string, SettingValue> parameters)
    {
        var json = new JsonObject();
        foreach (var (name, value) in parameters)
        {
            json[name] = value switch
            {
                NumberValue n => JsonValue.Create(n.Number),
                TextValue t => JsonValue.Create(t.Text),
                BooleanValue b => JsonValue.Create(b.Value),
                ListValue l => new JsonArray([.. l.Items.Select(i => JsonValue.Create(i))]),
                _ => throw new InvalidOperationException($"No JSON for {value.GetType().Name}."),
            };
        }
        return json.ToJsonString();
    }

    public static ImmutableSortedDictionary<string, SettingValue> Read(string json) =>
        JsonNode.Parse(json)!.AsObject().ToImmutableSortedDictionary(p => p.Key, p => Value(p.Value!));

    private static SettingValue Value(JsonNode node) => node switch
    {
        JsonArray a => new ListValue([.. a.Select(n => n!.GetValue<int>())]),
        JsonValue v when v.TryGetValue(out bool b) => new BooleanValue(b),
        JsonValue v when v.TryGetValue(out double d) => new NumberValue(d),
        _ => new TextValue(node.GetValue<string>()),
    };
}
