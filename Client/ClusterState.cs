using System.Text.Json;
using Client.LocalCluster;

namespace Client;

/// <summary>The content of cluster.json, which says what runs now.</summary>
/// <param name="Supervisor">The supervisor's process id; 0 when there is none.</param>
/// <param name="SupervisorStart">See <see cref="ProcessIdentity"/>.</param>
/// <param name="Version">Of the client that started it.</param>
/// <param name="Postgres">The connection string of the database; null for SQLite files in the home.</param>
internal sealed record ClusterState(int Supervisor, string SupervisorStart, string Version, int Slots,
    IReadOnlyList<SiloProcess> Silos, string? Postgres = null)
{
    /// <summary>Returns null when there is no such file, or none that can be read.</summary>
    public static ClusterState? Read(SweepHome home) => StateFile.Read<ClusterState>(home.ClusterFile);

    public bool IsSupervised => ProcessIdentity.IsAlive(Supervisor, SupervisorStart);

    /// <summary>True when silos run that nobody looks after.</summary>
    public bool IsUnattended => Supervisor == 0 && Silos.Any(s => s.IsAlive);

    public void Write(SweepHome home) => StateFile.Write(home.ClusterFile, this);
}

/// <param name="Pid">0 while it is down.</param>
/// <param name="Start">See <see cref="ProcessIdentity"/>.</param>
/// <param name="Restarts">Since the supervisor started.</param>
/// <param name="GivenUp">Why the supervisor restarts it no more; null while it does.</param>
internal sealed record SiloProcess(string Name, int Pid, string Start, int SiloPort, int GatewayPort, int Restarts, string? GivenUp)
{
    public bool IsAlive => ProcessIdentity.IsAlive(Pid, Start);
}

/// <summary>
/// The content of run/plan.json, which says what should run. Ports are kept from one run to the next, since a silo that returns on its
/// port ends its older self at once.
/// </summary>
/// <param name="Postgres">See <see cref="ClusterState"/>.</param>
/// <param name="Memory">Bytes that trainings of all silos may take; null for what the machine has.</param>
/// <param name="Alone">True when no supervisor looks after the silos.</param>
internal sealed record ClusterPlan(int Slots, IReadOnlyList<SiloPlan> Silos, string? Postgres = null,
    long? Memory = null, bool Alone = false)
{
    public static ClusterPlan? Read(SweepHome home) => StateFile.Read<ClusterPlan>(home.PlanFile);

    public void Write(SweepHome home) => StateFile.Write(home.PlanFile, this);

    /// <summary>Plans silo-1 to silo-n with the ports that they had.</summary>
    public static ClusterPlan Of(int silos, int slots, ClusterPlan? previous)
    {
        var plans = new List<SiloPlan>();
        for (int i = 1; i <= silos; i++)
        {
            string name = $"silo-{i}";
            var old = previous?.Silos.FirstOrDefault(s => s.Name == name);
            plans.Add(old ?? SiloPlan.New(name, [.. plans, .. previous?.Silos ?? []]));
        }
        return new ClusterPlan(slots, plans);
    }

    /// <summary>Plans the running silos as they are, and more of them.</summary>
    public ClusterPlan GrownTo(int silos)
    {
        var plans = Silos.ToList();
        while (plans.Count < silos) plans.Add(SiloPlan.New($"silo-{plans.Count + 1}", plans));
        return this with { Silos = plans };
    }
}

internal sealed record SiloPlan(string Name, int SiloPort, int GatewayPort)
{
    public static SiloPlan New(string name, IEnumerable<SiloPlan> others)
    {
        var taken = others.SelectMany(o => new[] { o.SiloPort, o.GatewayPort }).ToHashSet();
        int silo = Ports.Find(taken);
        taken.Add(silo);
        return new SiloPlan(name, silo, Ports.Find(taken));
    }
}

/// <summary>Reads and writes small JSON files that nobody ever sees half written.</summary>
internal static class StateFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    public static T? Read<T>(string path) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public static void Write<T>(string path, T value)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(temporary, JsonSerializer.Serialize(value, Options));
        File.Move(temporary, path, overwrite: true);
    }
}
