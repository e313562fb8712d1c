using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Grains.Interfaces.Local;

/// <summary>Makes silos and clients speak over sockets in the home, where the file system keeps everybody else out (ADR 14).</summary>
public static class LocalSockets
{
    /// <summary>
    /// Sets the sockets up. Call it inside UseOrleans or UseOrleansClient, because it replaces the transport that Orleans has registered.
    /// </summary>
    public static IServiceCollection UseLocalSockets(this IServiceCollection services, SocketFolder folder)
    {
#pragma warning disable RS0030 // Here the clock is chosen that all others are given.
        services.TryAddSingleton(TimeProvider.System);
#pragma warning restore RS0030
        services.AddSingleton(folder);
        int replaced = Replace<IConnectionFactory, LocalConnectionFactory>(services);
        replaced += Replace<IConnectionListenerFactory, LocalConnectionListenerFactory>(services);
        return replaced > 0 ? services
            : throw new InvalidOperationException("Orleans has registered no transport yet: call UseLocalSockets inside UseOrleans.");
    }

    /// <summary>Orleans finds its transports by keys that only it knows, so each takes over the key of the one before.</summary>
    private static int Replace<TService, TLocal>(IServiceCollection services)
        where TService : class
        where TLocal : class, TService
    {
        var theirs = services.Where(s => s.ServiceType == typeof(TService) && s.IsKeyedService).ToList();
        foreach (var old in theirs)
        {
            services.Remove(old);
            services.AddKeyedSingleton<TService>(old.ServiceKey, (provider, _) => ActivatorUtilities.CreateInstance<TLocal>(provider));
        }
        return theirs.Count;
    }
}
