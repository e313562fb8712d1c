using System.CommandLine;
using System.CommandLine.Invocation;
using Grains;
using Grains.Hosting;
using Grains.Interfaces.Local;

namespace Silo;

/// <summary>The command line of a silo.</summary>
internal static class SiloCommand
{
    public static async Task<int> Run(string[] args)
    {
        PrivateHome.KeepToOwner();

        var home = new Option<DirectoryInfo>("--home")
        {
            Required = true,
            Description = "Folder for databases, checkpoints and logs; made when absent.",
        };
        var name = new Option<string>("--name") { Required = true, Description = "Unique in the cluster: silo-1." };
        var siloPort = new Option<int>("--silo-port")
        {
            Required = true,
            Description = "The address that other silos know it by, 127.0.0.1:PORT: the name of a socket in the home.",
        };
        var gatewayPort = new Option<int>("--gateway-port") { Required = true, Description = "The same for clients." };
        var slots = new Option<int>("--slots") { DefaultValueFactory = _ => 1, Description = "Trainings at once. Default: 1." };
        var memory = new Option<long?>("--memory")
        {
            Description = "Bytes that the slots share: a training that cannot fit into its slot's share is failed before it begins. " +
                "Default: what this process may have.",
        };
        var postgres = new Option<string?>("--postgres")
        {
            Description = "Connection string of a PostgreSQL database for membership and journal; without it both are SQLite files in " +
                "the home. Also read from SWEEP_POSTGRES, which other users cannot see.",
        };
        var lifeline = new Option<bool>("--lifeline")
        {
            Description = "Stop when standard input ends, so that the silo cannot outlive who started it.",
        };
        var traceConsole = new Option<bool>("--trace-console") { Description = "Print spans to standard output as well." };
        var otlp = new Option<Uri?>("--otlp")
        {
            Description = "Send spans and meters to this OTLP endpoint as well: http://127.0.0.1:4317.",
            // An invalid address is refused with the other rules.
            CustomParser = result => new Uri(result.Tokens[0].Value, UriKind.RelativeOrAbsolute),
        };

        string broken = Environment.GetEnvironmentVariable(SiloSettings.SabotageVariable) ?? nameof(Sabotage.None);
        if (!Enum.TryParse<Sabotage>(broken, ignoreCase: true, out var sabotage) || !Enum.IsDefined(sabotage))
        {
            return await SiloHost.Refuse(
                $"{SiloSettings.SabotageVariable}: '{broken}' is none of {string.Join(", ", Enum.GetNames<Sabotage>())}.");
        }

        var command = new RootCommand("One silo of a sweep cluster. `sweep cluster up` starts these.")
        {
            home, name, siloPort, gatewayPort, slots, memory, postgres, lifeline, traceConsole, otlp,
        };
        command.SetAction((parsed, _) => SiloHost.Run(new SiloSettings
        {
            Home = parsed.GetRequiredValue(home).FullName,
            Name = parsed.GetRequiredValue(name),
            SiloPort = parsed.GetRequiredValue(siloPort),
            GatewayPort = parsed.GetRequiredValue(gatewayPort),
            Slots = parsed.GetValue(slots),
            Memory = parsed.GetValue(memory),
            Postgres = parsed.GetValue(postgres) ?? Environment.GetEnvironmentVariable(SiloSettings.PostgresVariable),
            Lifeline = parsed.GetValue(lifeline),
            Sabotage = sabotage,
            TraceConsole = parsed.GetValue(traceConsole),
            Otlp = parsed.GetValue(otlp),
        }));
        // The host handles SIGTERM itself by draining.
        var line = command.Parse(args);
        if (line.Action is ParseErrorAction) return await SiloHost.Refuse(string.Join(' ', line.Errors.Select(e => e.Message)));
        return await line.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }
}
