using Client.LocalCluster;
using Grains.Interfaces;
using Grains.Interfaces.Local;
using Grains.Interfaces.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Client.Connecting;

/// <summary>An Orleans client of the home's cluster. Opening it has a deadline and ends in one clear sentence.</summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    private const string OrleansId = "sweep";
    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskDeadline = TimeSpan.FromSeconds(40);

    private readonly IHost _host;
    private readonly IClusterClient _client;

    private ClusterConnection(IHost host, SweepHome home)
    {
        _host = host;
        _client = host.Services.GetRequiredService<IClusterClient>();
        Home = home;
    }

    public SweepHome Home { get; }

    /// <summary>The reader is stateless and lives on any silo.</summary>
    public IClusterGrain Cluster => _client.GetGrain<IClusterGrain>(0);

    public ISweepReaderGrain Reader => _client.GetGrain<ISweepReaderGrain>(0);

    public ICacheGrain Cache => _client.GetGrain<ICacheGrain>(0);

    public IDoctorGrain Doctor => _client.GetGrain<IDoctorGrain>(0);

    public IVerifierGrain Verifier => _client.GetGrain<IVerifierGrain>(0);

    public ISweepGrain Sweep(SweepId id) => _client.GetGrain<ISweepGrain>(id.Value);

    /// <summary>Returns the address of the silo on which a sweep's coordinator lives, or null while it lives on none.</summary>
    public async Task<string?> CoordinatorOf(SweepId id) =>
        (await _client.GetGrain<IManagementGrain>(0).GetActivationAddress(Sweep(id)))?.ToParsableString();

    /// <exception cref="CommandException">No cluster answers in time, or one of another version.</exception>
    public static async Task<ClusterConnection> Open(SweepHome home, CancellationToken cancellationToken)
    {
        if (PrivateHome.Refusal(home.Path) is { } refusal) throw CommandException.NoCluster($"no cluster reachable: {refusal}.");
        var state = ClusterState.Read(home);
        if (state is null || (state.Postgres is null && !File.Exists(home.MembershipFile)))
            throw CommandException.NoCluster($"no cluster reachable: none runs in {home.Path}. Run `sweep cluster up`, " +
                $"or set {SweepHome.Variable}.");

        // Silos that a supervisor looks after come back, even if all of them have just been killed.
        var patience = state.IsSupervised ? AskDeadline : ConnectDeadline;
        var host = Build(home, state.Postgres);
        var connection = new ClusterConnection(host, home);
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(patience);
            string version = await connection.Connect(deadline.Token).WaitAsync(deadline.Token);
            if (!ClientVersion.Speaks(version))
            {
                throw CommandException.NoCluster($"the silos run version {version}, this client is {ClientVersion.Full}. " +
                    "Use the client of that version, or restart the cluster with this one: `sweep cluster down`, `sweep cluster up`.");
            }
            return connection;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync();
            if (e is CommandException || cancellationToken.IsCancellationRequested) throw;
            if (home.Trouble() is { } trouble) throw CommandException.NoCluster($"no cluster reachable: {trouble}.");
            throw CommandException.NoCluster($"no cluster reachable in {home.Path} within {patience.TotalSeconds:0} s " +
                $"({e.Message.TrimEnd('.')}). " +
                "`sweep cluster logs` tells why; `sweep cluster up` starts one.");
        }
    }

    private static IHost Build(SweepHome home, string? postgres)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client =>
        {
            client.UseAdoNetClustering(o =>
            {
                // System.Data.SQLite is Orleans' name for Microsoft.Data.Sqlite.
                (o.Invariant, o.ConnectionString) = postgres is null ? ("System.Data.SQLite", home.ConnectionString) : ("Npgsql", postgres);
            });
            client.Configure<ClusterOptions>(o => o.ClusterId = o.ServiceId = OrleansId);
            client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = ResponseTimeout);
            client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(3));
            client.UseConnectionRetryFilter(async (_, token) =>
            {
                await Task.Delay(200, token);
                return true;
            });
            client.AddActivityPropagation();
            client.Services.UseLocalSockets(home.Sockets);
        });
        return builder.Build();
    }

    private async Task<string> Connect(CancellationToken cancellationToken)
    {
        await _host.StartAsync(cancellationToken);
        while (true)
        {
            try
            {
                return await Cluster.Version();
            }
            catch (Exception e) when (Transient.Is(e) && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(200, cancellationToken);
            }
        }
    }

    /// <summary>Asks again while silos come and go. The call must be one that may be repeated.</summary>
    public static async Task<T> Ask<T>(Func<Task<T>> question, CancellationToken cancellationToken)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await question().WaitAsync(cancellationToken);
            }
            catch (Exception e) when (Transient.Is(e))
            {
                if (TimeProvider.System.GetElapsedTime(begin) > AskDeadline)
                    throw CommandException.NoCluster($"the cluster does not answer ({e.Message.TrimEnd('.')}). " +
                        "`sweep cluster status` shows its silos.");
                await Task.Delay(500, cancellationToken);
            }
        }
    }

    public static Task Ask(Func<Task> request, CancellationToken cancellationToken) =>
        Ask(async () => { await request(); return true; }, cancellationToken);

    /// <inheritdoc cref="SweepLookup.Whole"/>
    public Task<SweepId> ResolveWhole(string text, string verb, CancellationToken cancellationToken) =>
        SweepLookup.Whole(Reader, text, verb, cancellationToken);

    /// <inheritdoc cref="SweepLookup.Any"/>
    public Task<SweepId> Resolve(string text, CancellationToken cancellationToken) => SweepLookup.Any(Reader, text, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await _host.StopAsync(soon.Token).WaitAsync(TimeSpan.FromSeconds(1));
        }
        catch (Exception)
        {
            // A client that says no goodbye costs the silos a line in their log.
        }
        (_host as IDisposable)?.Dispose();
    }
}
