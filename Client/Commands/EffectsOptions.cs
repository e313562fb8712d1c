using System.CommandLine;
using Grains.Interfaces.Model.Views;

namespace Client.Commands;

/// <summary>The options that `compare` and `effects` share.</summary>
internal sealed class EffectsOptions
{
    public Option<string?> Metric { get; } = new Option<string?>("--metric")
    {
        Description = "The metric to compare, at the epoch that speaks for a trial. Default: the sweep's objective.",
        HelpName = "NAME",
    }.NotEmpty();

    public Option<string[]> Where { get; } = new Option<string[]>("--where")
    {
        Description = "Only trials with this value of a setting; again for more. Values of one setting are alternatives.",
        HelpName = "SETTING=VALUE",
    }.NotEmpty();

    public EffectsQuestion Of(ParseResult parsed) => new(parsed.GetValue(Metric), parsed.GetValue(Where) ?? []);
}
