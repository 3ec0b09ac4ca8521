//! The adapter that shaders run on: any, as a rule a software one.

use std::error::Error;

use crate::wgsl::{GROUP, Module};

/// An opened device.
pub struct Device {
    device: wgpu::Device,
    queue: wgpu::Queue,
    pub name: String,
}

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

impl Device {
    /// The first adapter there is.
    ///
    /// # Errors
    /// Where there is none, or it cannot be opened.
    pub fn open() -> Result<Device> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let adapter = pollster::block_on(instance.request_adapter(&wgpu::RequestAdapterOptions::default()))?;
        let (device, queue) = pollster::block_on(adapter.request_device(&wgpu::DeviceDescriptor {
            required_limits: adapter.limits(),
            ..Default::default()
        }))?;
        Ok(Device { device, queue, name: adapter.get_info().name })
    }

    /// The words that the module writes for so many places.
    ///
    /// # Errors
    /// Where the module is refused or the device is lost.
    pub fn run(&self, module: &Module, places: usize) -> Result<Vec<u32>> {
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let shader = self.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: None,
            source: wgpu::ShaderSource::Wgsl(module.text.as_str().into()),
        });
        let pipeline = self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: None,
            layout: None,
            module: &shader,
            entry_point: Some("main"),
            compilation_options: Default::default(),
            cache: None,
        });
        if let Some(error) = pollster::block_on(scope.pop()) {
            return Err(error.into());
        }
        let size = (places * module.stride * 4) as u64;
        let buffer = |size: u64, usage| {
            self.device.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size,
                usage,
                mapped_at_creation: false,
            })
        };
        use wgpu::BufferUsages as U;
        let input = buffer(module.input.len() as u64 * 4, U::STORAGE | U::COPY_DST);
        let output = buffer(size, U::STORAGE | U::COPY_SRC);
        let back = buffer(size, U::MAP_READ | U::COPY_DST);
        let bytes: Vec<u8> = module.input.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.queue.write_buffer(&input, 0, &bytes);
        let group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &pipeline.get_bind_group_layout(0),
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: input.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 1, resource: output.as_entire_binding() },
            ],
        });
        let mut encoder = self.device.create_command_encoder(&Default::default());
        {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            pass.set_pipeline(&pipeline);
            pass.set_bind_group(0, &group, &[]);
            pass.dispatch_workgroups(places.div_ceil(GROUP) as u32, 1, 1);
        }
        encoder.copy_buffer_to_buffer(&output, 0, &back, 0, size);
        self.queue.submit([encoder.finish()]);
        let (sender, receiver) = std::sync::mpsc::channel();
        back.slice(..).map_async(wgpu::MapMode::Read, move |result| {
            // The receiver waits below, unless the poll failed, which is told there.
            let _ = sender.send(result);
        });
        self.device.poll(wgpu::PollType::wait_indefinitely())?;
        receiver.recv()??;
        let view = back.slice(..).get_mapped_range()?;
        Ok(view
            .chunks_exact(4)
            .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
            .collect())
    }
}
