using System.Runtime.InteropServices;
using Tensor = TorchSharp.torch.Tensor;

namespace Grains.Training.Numerics;

/// <summary>Calls what TorchSharp keeps inside or has no name for.</summary>
internal static unsafe partial class Native
{
    /// <summary>The address of the numbers. The caller keeps the tensor alive and knows that it is dense float32.</summary>
    public static float* Data(Tensor tensor) => (float*)THSTensor_data(tensor.Handle);

    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint handle);

    /// <summary>at::Context::setFlushDenormal(bool) acts on this thread alone. It returns false where the processor cannot.</summary>
    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at7Context16setFlushDenormalEb")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetFlushDenormal([MarshalAs(UnmanagedType.U1)] bool on);

    /// <summary>at::autocast::set_autocast_enabled(DeviceType, bool) acts on this thread alone.</summary>
    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb")]
    public static partial void SetAutocast(sbyte device, [MarshalAs(UnmanagedType.U1)] bool on);

    /// <summary>at::autocast::set_autocast_cache_enabled(bool) acts on this thread alone.</summary>
    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at8autocast26set_autocast_cache_enabledEb")]
    public static partial void SetAutocastCache([MarshalAs(UnmanagedType.U1)] bool on);

    [LibraryImport("libc", EntryPoint = "gettid")]
    public static partial int ThreadId();

    [LibraryImport("libc", EntryPoint = "mallopt")]
    public static partial int SetAllocation(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    public static partial int SetPriority(int which, int who, int nice);
}
