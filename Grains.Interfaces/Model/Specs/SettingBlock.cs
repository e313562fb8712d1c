using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model.Specs;

/// <summary>The block of a sweep file in which a setting stands when all trials share it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SettingBlock>))]
public enum SettingBlock
{
    [JsonStringEnumMemberName("model")] Model,
    [JsonStringEnumMemberName("training")] Training,
}
