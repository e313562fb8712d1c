namespace Tests.Faults.Robust;

/// <summary>Runs two silos that nothing disturbs, shared by the tests of a class.</summary>
public sealed class QuietHome : IAsyncLifetime
{
    public Home Home { get; } = new();

    public async ValueTask InitializeAsync() => await Home.Sweep("cluster", "up", "--silos", "2");

    public ValueTask DisposeAsync() => Home.DisposeAsync();
}
