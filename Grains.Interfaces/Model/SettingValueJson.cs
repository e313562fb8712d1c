using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>Writes a setting's value as the JSON value that it is.</summary>
internal sealed class SettingValueJson : JsonConverter<SettingValue>
{
    public override SettingValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True or JsonTokenType.False => new BooleanValue(reader.GetBoolean()),
        JsonTokenType.Number => new NumberValue(reader.GetDouble()),
        JsonTokenType.StartArray => new ListValue(JsonSerializer.Deserialize<ImmutableArray<int>>(ref reader, options)),
        _ => new TextValue(reader.GetString()!),
    };

    public override void Write(Utf8JsonWriter writer, SettingValue value, JsonSerializerOptions options)
    {
        switch (value)
        {
            case NumberValue number:
                // A whole number is written as one: 1e15 would reach a program as a float.
                if (number.Whole is { } whole) writer.WriteNumberValue(whole);
                else writer.WriteNumberValue(number.Number);
                break;
            case BooleanValue flag:
                writer.WriteBooleanValue(flag.Value);
                break;
            case ListValue list:
                JsonSerializer.Serialize(writer, list.Items, options);
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }
}
