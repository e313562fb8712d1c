using System.Text.RegularExpressions;
using Grains;
using Grains.Hosting;
using Grains.Interfaces.Local;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Silo;

/// <summary>Checks a silo's command line. A failure names the option, its value and the rule, but never a password.</summary>
public sealed partial class SiloSettingsRules : IValidateOptions<SiloSettings>
{
    private const int HighestPort = 65_535;

    public ValidateOptionsResult Validate(string? name, SiloSettings options)
    {
        var o = options;
        var broken = new ValidateOptionsResultBuilder();
        void Rule(bool holds, string option, object? value, string rule)
        {
            if (!holds) broken.AddError($"{option}: {value} {rule}.");
        }
        if (PrivateHome.Misnamed(o.Home) is { } mistake) broken.AddError($"--home: {mistake}.");
        Rule(Name().IsMatch(o.Name), "--name", $"'{o.Name}'",
            "is no name: it is part of file names, so give 1 to 64 letters, digits, dashes or dots");
        Rule(o.SiloPort is > 0 and <= HighestPort, "--silo-port", o.SiloPort, $"is outside 1..{HighestPort}");
        Rule(o.GatewayPort is > 0 and <= HighestPort, "--gateway-port", o.GatewayPort, $"is outside 1..{HighestPort}");
        Rule(o.SiloPort != o.GatewayPort, "--gateway-port", o.GatewayPort, "is the --silo-port too: each has an address of its own");
        Rule(o.Slots is > 0 and <= SweepOptions.MostSlots, "--slots", o.Slots, $"is outside 1..{SweepOptions.MostSlots}");
        Rule(o.Memory is null or > 0, "--memory", o.Memory, "bytes hold no training: give at least 1");
        Rule(o.Postgres is null || NamesAServer(o.Postgres), "--postgres", "it",
            "is no connection string that names a server (Host=…;Database=…)");
        Rule(o.Otlp is null || (o.Otlp.IsAbsoluteUri && o.Otlp.Scheme is "http" or "https"), "--otlp", $"'{o.Otlp}'",
            "is no http or https address, such as http://127.0.0.1:4317");
        return broken.Build();
    }

    private static bool NamesAServer(string connection)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connection) is { Host.Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9.-]{0,63}\z")]
    private static partial Regex Name();
}
