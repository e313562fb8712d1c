using Grains.Interfaces.Local;
using Microsoft.Data.Sqlite;

namespace Client;

/// <summary>The folder in which one local cluster keeps its state. The layout is agreed with the silo.</summary>
/// <param name="Path">Absolute.</param>
internal sealed record SweepHome(string Path)
{
    public const string Variable = "SWEEP_HOME";

    /// <summary>Returns the folder that SWEEP_HOME names, or the platform's folder for a user's data.</summary>
    /// <exception cref="CommandException">The name is none that people and logs could show.</exception>
    public static SweepHome Default()
    {
        string? chosen = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrWhiteSpace(chosen))
        {
            if (PrivateHome.Misnamed(chosen) is { } mistake) throw CommandException.BadInput($"{Variable}: {mistake}.");
            return new(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(chosen)));
        }
        string folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify);
        return new(System.IO.Path.Combine(folder, "sweep"));
    }

    /// <summary>The file that says what runs now. The supervisor writes it, and it is gone after an orderly stop.</summary>
    public string ClusterFile => System.IO.Path.Combine(Path, "cluster.json");

    public string MembershipFile => System.IO.Path.Combine(Path, "membership.db");

    public string JournalFile => System.IO.Path.Combine(Path, "journal.db");

    public string Logs => System.IO.Path.Combine(Path, "logs");

    public string Run => System.IO.Path.Combine(Path, "run");

    /// <summary>The file that says what should run. `cluster up` writes it and the supervisor follows it.</summary>
    public string PlanFile => System.IO.Path.Combine(Run, "plan.json");

    /// <summary>The lock that a `cluster up` holds while it works.</summary>
    public string UpLock => System.IO.Path.Combine(Run, "up.lock");

    /// <summary>The lock that the supervisor holds while it lives.</summary>
    public string SupervisorLock => System.IO.Path.Combine(Run, "supervisor.lock");

    /// <summary>The file that a silo renews while it lives. It names the process and its place in the cluster.</summary>
    public string Heartbeat(string silo) => System.IO.Path.Combine(Run, $"{silo}.heartbeat");

    /// <summary>The note on how a silo's process ended. The supervisor writes it for the lease broker.</summary>
    public string Exit(string generation) => System.IO.Path.Combine(Run, "exits", generation);

    public string SupervisorLog => System.IO.Path.Combine(Logs, "supervisor.log");

    public string SiloLog(string silo) => System.IO.Path.Combine(Logs, $"{silo}.log");

    /// <summary>The folder of the sockets at which silos and clients meet.</summary>
    public SocketFolder Sockets => SocketFolder.Of(Path);

    public string ConnectionString =>
        new SqliteConnectionStringBuilder { DataSource = MembershipFile, DefaultTimeout = 10, Pooling = false }.ToString();

    /// <summary>Returns why nothing can be written here, with the remedy, or null when something can.</summary>
    public string? Trouble()
    {
        string probe = System.IO.Path.Combine(Run, $"probe.{Environment.ProcessId}");
        try
        {
            if (!Directory.Exists(Run)) return null;
            File.WriteAllBytes(probe, new byte[1 << 14]);
            return null;
        }
        catch (IOException e)
        {
            return $"{Path} cannot be written ({Reason(e)}). Make room there, with `sweep cache prune` if it still answers; " +
                "sweeps then go on by themselves";
        }
        catch (UnauthorizedAccessException e)
        {
            return $"{Path} cannot be written ({Reason(e)}). Give this user the right to, or set {Variable} to another folder";
        }
        finally
        {
            TryDelete(probe);
        }
    }

    /// <exception cref="CommandException">This user cannot have a home here.</exception>
    public void Create()
    {
        try
        {
            PrivateHome.Claim(Path, whole: true);
            CreateFolders();
            if (Trouble() is { } trouble) throw CommandException.BadInput($"{Variable}: {trouble}.");
        }
        catch (HomeRefusedException e)
        {
            throw CommandException.BadInput($"{Variable}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"{Variable}: {Path} cannot be made ({Reason(e)}). Give this user the right to, " +
                $"or set {Variable} to another folder.");
        }
    }

    private static string Reason(Exception e) => e.Message.Split(" : ")[0].TrimEnd('.');

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder was never made.
        }
    }

    private void CreateFolders()
    {
        Directory.CreateDirectory(Logs);
        Directory.CreateDirectory(Run);
    }
}
