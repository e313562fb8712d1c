using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Client.LocalCluster;

/// <summary>Finds the programs of a local cluster, and starts them.</summary>
internal static class Programs
{
    public const string SiloVariable = "SWEEP_SILO";

    /// <summary>
    /// The path of Silo.dll. SWEEP_SILO names it, or it lies beside an installed client, or this client's build has put it there.
    /// </summary>
    public static string SiloAssembly()
    {
        string? chosen = Environment.GetEnvironmentVariable(SiloVariable);
        if (!string.IsNullOrWhiteSpace(chosen))
            return File.Exists(chosen)
                ? Path.GetFullPath(chosen)
                : throw CommandException.BadInput($"{SiloVariable}: no file {chosen}. Give the path of Silo.dll.");

        string installed = Path.Combine(AppContext.BaseDirectory, "silo", "Silo.dll");
        if (File.Exists(installed)) return installed;

        string? relative = typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => a.Key == "SiloPath")?.Value;
        string built = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, relative ?? "Silo.dll"));
        return File.Exists(built) ? built
            : throw CommandException.BadInput($"no Silo.dll at {built} nor at {installed}. Build the solution, " +
                $"or set {SiloVariable} to its path.");
    }

    /// <summary>
    /// Starts a process whose output goes to a file that outlives everybody. Its input is a pipe in our hands, which is its lifeline.
    /// </summary>
    /// <param name="lifeline">False: no input at all.</param>
    public static Process Start(IEnumerable<string> command, string log, string folder, bool lifeline,
        params (string Name, string? Value)[] environment)
    {
        if (OperatingSystem.IsWindows())
            throw CommandException.NoCluster("a local cluster needs Linux or macOS. On Windows, run it in WSL.");
        string input = lifeline ? "" : " </dev/null";
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = lifeline,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec \"$0\" \"$@\"{input} >>\"$SWEEP_LOG\" 2>&1");
        foreach (string part in command) start.ArgumentList.Add(part);
        start.Environment["SWEEP_LOG"] = log;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
    }

    /// <param name="plan">Each of its silos may have an equal part of the memory.</param>
    public static Process StartSilo(SweepHome home, SiloPlan silo, ClusterPlan plan, bool lifeline, bool traceConsole)
    {
        List<string> command =
        [
            DotNet(), SiloAssembly(), "--home", home.Path, "--name", silo.Name, "--silo-port", $"{silo.SiloPort}",
            "--gateway-port", $"{silo.GatewayPort}", "--slots", $"{plan.Slots}",
            "--memory", $"{(plan.Memory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) / plan.Silos.Count}",
        ];
        // The silo gets a session of its own, or our Ctrl-C would end it. (setsid keeps the process id, because we lead no
        // group.)
        if (lifeline) command.Add("--lifeline");
        else command.Insert(0, "setsid");
        if (traceConsole) command.Add("--trace-console");
        // Other users do not see a password in the environment.
        return Start(command, home.SiloLog(silo.Name), home.Path, lifeline, ("SWEEP_POSTGRES", plan.Postgres));
    }

    /// <summary>Returns the command that starts this program once more, however it was started.</summary>
    public static IEnumerable<string> Self()
    {
        string program = Environment.ProcessPath ?? DotNet();
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Assembly.GetExecutingAssembly().Location] : [program];
    }

    /// <summary>Returns the path of the dotnet that runs us.</summary>
    public static string DotNet()
    {
        string runtime = RuntimeEnvironment.GetRuntimeDirectory(); // <root>/shared/Microsoft.NETCore.App/10.0.x/
        string host = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "dotnet"));
        return File.Exists(host) ? host : "dotnet";
    }
}
