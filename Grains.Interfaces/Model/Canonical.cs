using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Grains.Interfaces.Model;

/// <summary>
/// Gives each value one byte form: compact JSON with keys in ordinal order and nulls left out. Numbers are in their shortest form that
/// reads back the same.
/// </summary>
public static class Canonical
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Writes a value as what it is. A family that its JSON tells apart by a word is written with that word.</summary>
    public static string Json<T>(T value) => Sorted(JsonSerializer.SerializeToNode(value, TypeOf(value), Options))!.ToJsonString();

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ReadOptions)!;

    public static Digest DigestOf<T>(T value) => Digest.Of(Encoding.UTF8.GetBytes(Json(value)));

    // Sorting moves a type discriminator away from the front.
    private static readonly JsonSerializerOptions ReadOptions = new(Options)
    {
        AllowOutOfOrderMetadataProperties = true,
        RespectRequiredConstructorParameters = false,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AllowAbsent } },
    };

    // A null is left out when written, and C#'s `required` would then refuse to read it back.
    private static void AllowAbsent(JsonTypeInfo type)
    {
        foreach (var property in type.Properties) property.IsRequired = false;
    }

    private static Type TypeOf<T>(T value) =>
        typeof(T).IsDefined(typeof(JsonPolymorphicAttribute), inherit: false) ? typeof(T) : value?.GetType() ?? typeof(T);

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(
            o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value?.DeepClone())))),
        JsonArray a => new JsonArray([.. a.Select(n => Sorted(n?.DeepClone()))]),
        _ => node,
    };
}
