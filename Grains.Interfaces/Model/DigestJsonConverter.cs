using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>Writes a digest as its bare text.</summary>
public sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
