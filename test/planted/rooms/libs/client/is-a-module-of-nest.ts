import { Module } from '@nestjs/common';
export const nest = Module;
