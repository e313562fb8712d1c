using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model.Specs;

/// <summary>The block of a sweep file in which a setting stands when all trials share it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SettingBlock>))]
public enum SettingBlock
{
    [JsonStringEnumMemberName("model")] Model,
    [JsonStringEnumMemberName("training")] Training,
    [JsonStringEnumMemberName("program")] Program,
    /// <summary>A parameter of the user's own program is shared by no block: it stands under `parameters` or in a trial.</summary>
    [JsonStringEnumMemberName("parameters")] Parameters,
}
